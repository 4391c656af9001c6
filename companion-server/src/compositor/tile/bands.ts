import { byteLength, type PixelBuffer, type PixelData } from '@emoeditor/shared';
import type { TilePlace } from '../compositor.ts';
import { emptyLike } from './samples.ts';

/** Rows of a tile, as a tile of their own. */
export interface Band {
  /** A view on the tile's pixels, no copy. */
  readonly tile: PixelBuffer;
  readonly place: TilePlace;
}

/** Below this many pixels a band costs more to hand over than to composite. */
const WORTHWHILE = 32 * 1024;

/**
 * Cuts a tile into at most `count` bands of rows, to be composited in parallel: any tiling gives the same bits. An
 * invalid tile stays whole and is refused by the compositor.
 */
export function bandsOf(tile: PixelBuffer, place: TilePlace, count: number): Band[] {
  const { format, data } = tile;
  const { width, height, channels } = format;
  const isSound = data.byteLength === byteLength(format) && place.bounds.height === height;
  const bands = Math.min(count, height, Math.floor((width * height) / WORTHWHILE));
  if (!isSound || bands < 2) return [{ tile, place }];
  return Array.from({ length: bands }, (_, i) => {
    const [first, end] = [i, i + 1].map((band) => Math.floor((band * height) / bands)) as [
      number,
      number,
    ];
    const row = width * channels;
    const bounds = { ...place.bounds, top: place.bounds.top + first, height: end - first };
    return {
      tile: {
        format: { ...format, height: end - first },
        data: data.subarray(first * row, end * row) as PixelData,
      },
      place: { ...place, bounds },
    };
  });
}

/** One tile again, of bands in their order. */
export function joinedBands(bands: readonly [PixelBuffer, ...PixelBuffer[]]): PixelBuffer {
  const [first] = bands;
  if (bands.length === 1) return first;
  const samples = bands.reduce((sum, { data }) => sum + data.length, 0);
  const data = emptyLike(first.data, samples);
  let at = 0;
  for (const band of bands) {
    data.set(band.data, at);
    at += band.data.length;
  }
  const height = bands.reduce((sum, { format }) => sum + format.height, 0);
  return { format: { ...first.format, height }, data };
}
