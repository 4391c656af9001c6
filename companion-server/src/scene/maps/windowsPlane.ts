import type { Extent } from '@emoeditor/shared';
import { fastestArithmetic } from '../../compositor/fit/fastestArithmetic.ts';
import type { Plane } from '../../compositor/planes.ts';

/** Sides that a window may have, as shares of the picture's long side. */
const LEAST_SIDE = 0.005;
const GREATEST_SIDE = 0.05;
/** Height against width. */
const SHAPES = [0.35, 4] as const;
/** Share of its rectangle that a window fills. */
const FILLED = 0.64;
/** Least tone of the wall around: a window in a dark wall cannot be told from a shadow. */
const BRIGHT_WALL = 0.3;
/** Least mean of the building map around a window, and greatest sum of the maps of what has no windows. */
const WALL = 0.2;
const OTHER = 0.55;

/** A window, in pixels. */
export interface WindowFound {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Its pixels, as indices into the plane. */
  readonly pixels: readonly number[];
}

/** Reach of the closings, as shares of the long side: small panes, and whole windows. */
const REACHES = [0.007, 0.018] as const;

/**
 * Windows by day: dark, compact, about rectangular, in a brighter wall.
 * @param tones luma of the picture, 0 … 1
 * @param maps the scene's, of the same extent
 */
export function findWindows(
  tones: Plane,
  maps: Readonly<Record<'building' | 'sky' | 'vegetation' | 'ground' | 'water', Plane>>,
  extent: Extent,
): WindowFound[] {
  const side = Math.max(extent.width, extent.height);
  const filters = fastestArithmetic();
  const around = Math.max(2, Math.round(0.02 * side));
  const wall = filters.boxMean(maps.building, extent, around);
  const other = filters.boxMean(
    tones.map(
      (_, i) =>
        (maps.vegetation[i] as number) +
        (maps.water[i] as number) +
        0.7 * (maps.ground[i] as number) +
        // Chimneys and towers stand before the sky.
        2.5 * (maps.sky[i] as number),
    ),
    extent,
    around,
  );
  const found: WindowFound[] = [];
  const taken = new Uint8Array(tones.length);
  for (const share of REACHES) {
    const reach = Math.max(2, Math.round(share * side));
    const closed = closing(tones, extent, reach);
    const dark = Uint8Array.from(tones, (tone, i) => {
      const bright = closed[i] as number;
      const isDark = tone < 0.5 * bright && bright > BRIGHT_WALL;
      return isDark && (wall[i] as number) > WALL && (other[i] as number) < OTHER ? 1 : 0;
    });
    for (const one of components(dark, extent)) {
      if (!isWindow(one, side) || one.pixels.some((at) => taken[at] === 1)) continue;
      for (const at of one.pixels) taken[at] = 1;
      found.push(one);
    }
  }
  return found;
}

/** The picture without what is dark and smaller than the reach. */
function closing(tones: Plane, extent: Extent, reach: number): Plane {
  const filters = fastestArithmetic();
  const grown = filters.dilate(tones, extent, reach).map((value) => 1 - value);
  return filters.dilate(grown, extent, reach).map((value) => 1 - value);
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
export function windowsPlane(...[tones, maps, extent]: Parameters<typeof findWindows>): Plane {
  const plane = new Float32Array(tones.length);
  for (const { pixels } of findWindows(tones, maps, extent)) {
    for (const at of pixels) plane[at] = 1;
  }
  return plane;
}
