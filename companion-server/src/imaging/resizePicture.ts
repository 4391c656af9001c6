import type { Extent } from '@emoeditor/shared';
import { resampleRows } from './resample.ts';

interface RgbPicture {
  readonly width: number;
  readonly height: number;
  /** Interleaved 8-bit RGB. */
  readonly rgb: Uint8Array;
}

/** The pipeline's ResizePicture: antialiased cubic, rounded to 8 bits. */
export async function resizePicture(picture: RgbPicture, extent: Extent): Promise<RgbPicture> {
  const { width, height, rgb } = picture;
  const stride = width * 3;
  const scaled = resampleRows({ width, height, channels: 3 }, extent, (y, into) => {
    into.set(rgb.subarray(y * stride, (y + 1) * stride));
  });
  return { ...extent, rgb: Uint8Array.from(Uint8ClampedArray.from(scaled)) };
}
