import type { Bounds } from '@emoeditor/shared';
import type { ImagePixels } from './imagePixels.ts';
import { rangeOf } from './imagePixels.ts';

/** One mask; inverted where it says what is to stay as it is. */
export interface MaskPart {
  readonly pixels: ImagePixels;
  readonly isInverted: boolean;
}

/**
 * Product of masks over `bounds` as 0..255. What Photoshop trimmed off a mask is 0 there: unselected, or hidden.
 */
export function maskTile(bounds: Bounds, masks: readonly MaskPart[]): Uint8Array {
  const product = new Uint8Array(bounds.width * bounds.height).fill(255);
  for (const mask of masks) multiply(product, bounds, mask);
  return product;
}

function multiply(
  product: Uint8Array,
  bounds: Bounds,
  { pixels: mask, isInverted }: MaskPart,
): void {
  const place = mask.bounds;
  const scale = 255 / rangeOf(mask.data);
  for (let y = 0; y < bounds.height; y += 1) {
    const v = place === null ? -1 : bounds.top + y - place.top;
    for (let x = 0; x < bounds.width; x += 1) {
      const u = place === null ? -1 : bounds.left + x - place.left;
      const isInside = u >= 0 && v >= 0 && u < mask.width && v < mask.height;
      const at = (v * mask.width + u) * mask.components;
      const there = isInside ? (mask.data[at] as number) * scale : 0;
      const value = isInverted ? 255 - there : there;
      const to = y * bounds.width + x;
      product[to] = Math.round(((product[to] as number) * value) / 255);
    }
  }
}
