import type { Bounds } from '@emoeditor/shared';
import type { ImagePixels } from './imagePixels.ts';
import { rangeOf } from './imagePixels.ts';

/** One mask; inverted where it says what is to stay as it is. */
export interface MaskPart {
  readonly pixels: ImagePixels;
  readonly isInverted: boolean;
  /** What the mask has where Photoshop trimmed it off, 0 to 1: nothing of a selection, and its own shade of a mask. */
  readonly beyond: number;
}

/** Product of masks over `bounds`, in the depth of the document that it is written into. */
export function maskTile(
  bounds: Bounds,
  masks: readonly MaskPart[],
  depth: 8 | 16,
): Uint8Array | Uint16Array {
  const length = bounds.width * bounds.height;
  const product = new Float32Array(length).fill(1);
  for (const mask of masks) multiply(product, bounds, mask);
  const range = depth === 8 ? 255 : 32768;
  const tile = depth === 8 ? new Uint8Array(length) : new Uint16Array(length);
  for (let i = 0; i < length; i += 1) tile[i] = Math.round((product[i] as number) * range);
  return tile;
}

/**
 * The value of a mask outside the pixels that Photoshop returns, which it does not say. Estimated from the edge of those
 * pixels: black for a mask that hides everything but some strokes, white for one that shows everything but some strokes.
 */
export function beyondOf({ width, height, components, data }: ImagePixels): number {
  if (width === 0 || height === 0) return 1;
  const half = rangeOf(data) / 2;
  let white = 0;
  let black = 0;
  for (let y = 0; y < height; y += 1) {
    const step = y === 0 || y === height - 1 ? 1 : Math.max(1, width - 1);
    for (let x = 0; x < width; x += step) {
      if ((data[(y * width + x) * components] as number) > half) white += 1;
      else black += 1;
    }
  }
  return white > black ? 1 : 0;
}

function multiply(
  product: Float32Array,
  bounds: Bounds,
  { pixels: mask, isInverted, beyond }: MaskPart,
): void {
  const place = mask.bounds;
  const range = rangeOf(mask.data);
  for (let y = 0; y < bounds.height; y += 1) {
    const v = place === null ? -1 : bounds.top + y - place.top;
    for (let x = 0; x < bounds.width; x += 1) {
      const u = place === null ? -1 : bounds.left + x - place.left;
      const isInside = u >= 0 && v >= 0 && u < mask.width && v < mask.height;
      const at = (v * mask.width + u) * mask.components;
      const there = isInside ? (mask.data[at] as number) / range : beyond;
      const to = y * bounds.width + x;
      product[to] = (product[to] as number) * (isInverted ? 1 - there : there);
    }
  }
}
