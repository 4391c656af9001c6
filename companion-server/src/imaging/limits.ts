import type { Extent } from '@emoeditor/shared';
import { ImageError } from './imageError.ts';

/** Below this the working size would be mostly invented. */
export const MIN_SIDE = 16;
/** The limit of a PSD document. */
export const MAX_SIDE = 30_000;
export const MAX_PIXELS = 300_000_000;

const count = (value: number) => value.toLocaleString('en-US');
export const sizeText = ({ width, height }: Extent) =>
  `${count(width)} × ${count(height)} pixel${width === 1 && height === 1 ? '' : 's'}`;

/**
 * @param name what the size belongs to, as the user calls it: `photo.jpg`, `The layer “Sky”`
 * @throws ImageError EMPTY, TOO_SMALL, TOO_LARGE
 */
export function checkSize(name: string, extent: Extent): void {
  const { width, height } = extent;
  if (width < 1 || height < 1) {
    throw new ImageError(
      'EMPTY',
      `${name} has no pixels (${width} × ${height}).`,
      'Choose a picture or a layer that has something on it.',
    );
  }
  if (width < MIN_SIDE || height < MIN_SIDE) {
    throw new ImageError(
      'TOO_SMALL',
      `${name} is ${sizeText(extent)}; EmoEditor needs at least ${MIN_SIDE} pixels on each side.`,
      'Choose a larger picture.',
    );
  }
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
    throw new ImageError(
      'TOO_LARGE',
      `${name} is ${sizeText(extent)}; EmoEditor takes up to ${count(MAX_SIDE)} pixels on a side and ${MAX_PIXELS / 1e6} megapixels in all.`,
      'Crop the picture or scale it down first.',
    );
  }
}
