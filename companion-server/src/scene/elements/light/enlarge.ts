import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../../compositor/planes.ts';
import {
  mapWindow,
  type SplineSamples,
  splineSamples,
} from '../../../compositor/tile/contentRow.ts';
import type { ElementTile } from '../elementRenderer.ts';

/** Planes of a working size at the place and the resolution of one tile. */
export type Enlarge = (plane: Plane) => Plane;

/**
 * Cubic B-splines: smooth, without rings, and the same value at the same place of the document whatever the tile.
 * @param extent of the planes
 */
export function enlargedTo(
  extent: Extent,
  { bounds, extent: whole }: Pick<ElementTile, 'bounds' | 'extent'>,
): Enlarge {
  const { width, height } = bounds;
  const columns = columnsOf(bounds.left, width, whole.width, extent.width);
  const rows = splineSamples(bounds.top, height, whole.height, extent.height);
  const window = mapWindow(columns);
  const line = new Float32Array(window.count);
  return (plane) => {
    const out = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      lineAt(plane, extent, rows, y, window.from, line);
      spread(line, columns, window.from, out, y * width);
    }
    return out;
  };
}

/** Spline samples of recent tiles: the chunks of one tile share their columns. */
const known = new Map<string, SplineSamples>();
const MOST_KNOWN = 8;

function columnsOf(...place: Parameters<typeof splineSamples>): SplineSamples {
  const key = place.join(' ');
  const found = known.get(key);
  if (found !== undefined) return found;
  const columns = splineSamples(...place);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, columns);
  return columns;
}

function lineAt(
  plane: Plane,
  { width, height }: Extent,
  rows: SplineSamples,
  y: number,
  from: number,
  line: Float32Array,
): void {
  const first = rows.first[y] as number;
  const at = (tap: number) => Math.min(height - 1, Math.max(0, first + tap)) * width;
  const [r0, r1, r2, r3] = [at(0), at(1), at(2), at(3)];
  const w0 = rows.weights[y * 4] as number;
  const w1 = rows.weights[y * 4 + 1] as number;
  const w2 = rows.weights[y * 4 + 2] as number;
  const w3 = rows.weights[y * 4 + 3] as number;
  for (let i = 0; i < line.length; i++) {
    const x = Math.min(width - 1, Math.max(0, from + i));
    line[i] =
      w0 * (plane[r0 + x] as number) +
      w1 * (plane[r1 + x] as number) +
      w2 * (plane[r2 + x] as number) +
      w3 * (plane[r3 + x] as number);
  }
}

function spread(
  line: Float32Array,
  { first, weights }: SplineSamples,
  from: number,
  out: Plane,
  at: number,
): void {
  for (let x = 0; x < first.length; x++) {
    const i = (first[x] as number) - from;
    const w = x * 4;
    out[at + x] =
      (weights[w] as number) * (line[i] as number) +
      (weights[w + 1] as number) * (line[i + 1] as number) +
      (weights[w + 2] as number) * (line[i + 2] as number) +
      (weights[w + 3] as number) * (line[i + 3] as number);
  }
}

/**
 * Value of a plane at any place, between its four nearest pixels; mirrored at the borders.
 * @param x in shares of the long side, as `y`
 */
export function valueAt(plane: Plane, { width, height }: Extent, x: number, y: number): number {
  const side = width > height ? width : height;
  const px = mirrored(x * side - 0.5, width - 1);
  const py = mirrored(y * side - 0.5, height - 1);
  const x0 = px | 0;
  const y0 = py | 0;
  const x1 = x0 < width - 1 ? x0 + 1 : x0;
  const y1 = y0 < height - 1 ? y0 + 1 : y0;
  const fx = px - x0;
  const fy = py - y0;
  const a = plane[y0 * width + x0] as number;
  const b = plane[y0 * width + x1] as number;
  const c = plane[y1 * width + x0] as number;
  const d = plane[y1 * width + x1] as number;
  return a + (b - a) * fx + (c - a) * fy + (a - b - c + d) * fx * fy;
}

function mirrored(value: number, most: number): number {
  if (most <= 0) return 0;
  let at = value < 0 ? -value : value;
  if (at <= most) return at;
  at %= 2 * most;
  return at <= most ? at : 2 * most - at;
}
