import type { Extent, PixelBuffer } from '@emoeditor/shared';
import type { TilePlace } from '../../compositor/compositor.ts';
import { fastestArithmetic } from '../../compositor/fit/fastestArithmetic.ts';
import { type AxisSample, axisSamples } from '../../compositor/gradeGrid.ts';
import {
  guidedCoefficients,
  LUMA_BLUE,
  LUMA_GREEN,
  LUMA_RED,
  type Plane,
} from '../../compositor/planes.ts';
import type { SceneMaps } from './sceneMaps.ts';

/** Window, in pixels of the maps, and smoothness of the filter: only borders that are off by a pixel or two are moved. */
const RADIUS = 2;
const EPSILON = 5e-4;

/** A map of any tile of the full-resolution picture, [h · w] in 0 … 1. Pure: any tiling gives the same bits. */
export type RefinedMap = (tile: PixelBuffer, place: TilePlace) => Plane;

/**
 * A map at the document's resolution: its borders follow the edges of the document's own pixels (fast guided filter,
 * He & Sun 2015).
 * @param plane one of the maps' planes, or another of their size
 * @param guide luma of the picture that was read, in the document's colour space; that of `maps` is in sRGB
 */
export function refinedMap(
  { extent }: Pick<SceneMaps, 'extent'>,
  plane: Plane,
  guide: Plane,
): RefinedMap {
  const { slope, offset } = guidedCoefficients(
    guide,
    plane,
    extent,
    RADIUS,
    EPSILON,
    fastestArithmetic(),
  );
  return ({ format, data }, { bounds, extent: whole }) => {
    const { width, height, channels, range } = format;
    const out = new Float32Array(width * height);
    const columns = axisSamples(bounds.left, width, whole.width, extent.width);
    const rows = axisSamples(bounds.top, height, whole.height, extent.height);
    const slopes = new Float32Array(extent.width);
    const offsets = new Float32Array(extent.width);
    const second = channels === 1 ? 0 : 1;
    const third = channels === 1 ? 0 : 2;
    const next = extent.width > 1 ? 1 : 0;
    for (let y = 0; y < height; y++) {
      lineAt(slope, extent, rows, y, slopes);
      lineAt(offset, extent, rows, y, offsets);
      for (let x = 0; x < width; x++) {
        const from = (y * width + x) * channels;
        const luma =
          (LUMA_RED * (data[from] as number) +
            LUMA_GREEN * (data[from + second] as number) +
            LUMA_BLUE * (data[from + third] as number)) /
          range;
        const column = columns.cell[x] as number;
        const share = columns.fraction[x] as number;
        const a = slopes[column] as number;
        const b = offsets[column] as number;
        const value =
          (a + share * ((slopes[column + next] as number) - a)) * luma +
          b +
          share * ((offsets[column + next] as number) - b);
        out[y * width + x] = value < 0 ? 0 : value > 1 ? 1 : value;
      }
    }
    return out;
  };
}

/** All columns of a plane at the height of one row of a tile. */
function lineAt(
  plane: Plane,
  { width, height }: Extent,
  rows: AxisSample,
  y: number,
  line: Float32Array,
): void {
  const upper = (rows.cell[y] as number) * width;
  const lower = Math.min(height - 1, (rows.cell[y] as number) + 1) * width;
  const share = rows.fraction[y] as number;
  for (let x = 0; x < width; x++) {
    const a = plane[upper + x] as number;
    line[x] = a + share * ((plane[lower + x] as number) - a);
  }
}
