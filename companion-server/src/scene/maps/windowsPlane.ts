import type { Extent } from '@emoeditor/shared';
import { fastestArithmetic } from '../../compositor/fit/fastestArithmetic.ts';
import type { Plane } from '../../compositor/planes.ts';

/** Sides that a window may have, as shares of the picture's long side. */
const LEAST_SIDE = 0.005;
const GREATEST_SIDE = 0.1;
/** Height against width. */
const SHAPES = [0.35, 4] as const;
/** Share of its rectangle that a window fills. */
const FILLED = 0.6;
/** How much darker than the wall around, in tones of 0 … 1. */
const DARKER = 0.14;
/** Share of wall, as the maps have it, around a window. */
const WALL = 0.6;

/** A window, in pixels. */
export interface WindowFound {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Its pixels, as indices into the plane. */
  readonly pixels: readonly number[];
}

/**
 * Windows by day: dark, compact, about rectangular, in a brighter wall.
 * @param tones luma of the picture, 0 … 1
 * @param building the scene's map of the same extent
 */
export function findWindows(tones: Plane, building: Plane, extent: Extent): WindowFound[] {
  const { width, height } = extent;
  const side = Math.max(width, height);
  const filters = fastestArithmetic();
  const reach = Math.max(2, Math.round(0.022 * side));
  // Closing: the wall as it would be without what is dark and small.
  const closed = filters
    .dilate(
      filters.dilate(tones, extent, reach).map((value) => 1 - value),
      extent,
      reach,
    )
    .map((value) => 1 - value);
  const wall = filters.boxMean(building, extent, reach);
  const dark = Uint8Array.from(tones, (tone, i) =>
    (closed[i] as number) - tone > DARKER * (0.5 + (closed[i] as number)) &&
    (wall[i] as number) > WALL
      ? 1
      : 0,
  );
  return components(dark, extent).filter((found) => isWindow(found, side));
}

function isWindow({ width, height, pixels }: WindowFound, side: number): boolean {
  const [least, most] = [Math.max(2, LEAST_SIDE * side), GREATEST_SIDE * side];
  const shape = height / width;
  return (
    Math.min(width, height) >= least &&
    Math.max(width, height) <= most &&
    shape >= SHAPES[0] &&
    shape <= SHAPES[1] &&
    pixels.length >= FILLED * width * height
  );
}

function components(mask: Uint8Array, { width, height }: Extent): WindowFound[] {
  const found: WindowFound[] = [];
  const left = mask.slice();
  for (let start = 0; start < left.length; start++) {
    if (left[start] === 0) continue;
    const pixels = [start];
    left[start] = 0;
    let [x0, x1, y0, y1] = [width, 0, height, 0];
    for (const at of pixels) {
      const [x, y] = [at % width, Math.floor(at / width)];
      [x0, x1, y0, y1] = [Math.min(x0, x), Math.max(x1, x), Math.min(y0, y), Math.max(y1, y)];
      for (const next of [
        x > 0 ? at - 1 : at,
        x < width - 1 ? at + 1 : at,
        at - width,
        at + width,
      ]) {
        if (left[next] !== 1) continue;
        left[next] = 0;
        pixels.push(next);
      }
    }
    found.push({ left: x0, top: y0, width: x1 - x0 + 1, height: y1 - y0 + 1, pixels });
  }
  return found;
}

/** All windows as a map, 0 or 1: its share is what an instruction may ask for. */
export function windowsPlane(tones: Plane, building: Plane, extent: Extent): Plane {
  const plane = new Float32Array(tones.length);
  for (const { pixels } of findWindows(tones, building, extent)) {
    for (const at of pixels) plane[at] = 1;
  }
  return plane;
}
