import type { PixelBuffer } from '@emoeditor/shared';
import type { TilePlace } from '../../compositor/compositor.ts';
import { fastestArithmetic } from '../../compositor/fit/fastestArithmetic.ts';
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
    const columns = samplesOf(bounds.left, width, whole.width, extent.width);
    const rows = samplesOf(bounds.top, height, whole.height, extent.height);
    const second = channels === 1 ? 0 : 1;
    const third = channels === 1 ? 0 : 2;
    for (let y = 0; y < height; y++) {
      const row = rows[y] as Sample;
      for (let x = 0; x < width; x++) {
        const from = (y * width + x) * channels;
        const luma =
          (LUMA_RED * (data[from] as number) +
            LUMA_GREEN * (data[from + second] as number) +
            LUMA_BLUE * (data[from + third] as number)) /
          range;
        const column = columns[x] as Sample;
        const value =
          between(slope, extent.width, column, row) * luma +
          between(offset, extent.width, column, row);
        out[y * width + x] = Math.min(1, Math.max(0, value));
      }
    }
    return out;
  };
}

/** Two neighbours on an axis, and how far the place lies from the first to the second. */
interface Sample {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

/** Where the pixels `from …` of a side of `whole` pixels lie among `samples` of them. */
function samplesOf(from: number, count: number, whole: number, samples: number): Sample[] {
  return Array.from({ length: count }, (_, i) => {
    const place = Math.min(samples - 1, Math.max(0, ((from + i + 0.5) / whole) * samples - 0.5));
    const first = Math.floor(place);
    return { first, second: Math.min(samples - 1, first + 1), share: place - first };
  });
}

function between(plane: Plane, width: number, column: Sample, row: Sample): number {
  const along = (y: number) => {
    const a = plane[y * width + column.first] as number;
    return a + column.share * ((plane[y * width + column.second] as number) - a);
  };
  const upper = along(row.first);
  return upper + row.share * (along(row.second) - upper);
}
