import { type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';
import { makeProxy } from '../../imaging/makeProxy.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';
import { planesOfBytes } from '../../tensor/tensorKernel.ts';

/** 8-bit sRGB, interleaved RGB. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/**
 * Pixels of a file at their own size as 8-bit sRGB, over neutral grey where they are transparent.
 * @throws ImageError as makeProxy does
 */
export async function rgbPictureOf(pixels: PixelBuffer): Promise<RgbPicture> {
  const { width, height, channels, sample, profile } = pixels.format;
  if (channels === 3 && sample === 'uint8' && profile === SRGB_PROFILE) {
    return { width, height, rgb: pixels.data as Uint8Array };
  }
  return makeProxy(pixels, width * height, 1);
}

export const pixelsOf = ({ width, height, rgb }: RgbPicture): PixelBuffer => ({
  format: { width, height, channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE },
  data: rgb,
});

/** Planar [1, 3, H, W] in [0, 1]. */
export const tensorOf = ({ width, height, rgb }: RgbPicture): Tensor =>
  tensor(planesOfBytes(rgb), [1, 3, height, width]);
