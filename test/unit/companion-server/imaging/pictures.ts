import type { PixelBuffer, PixelFormat } from '@emoeditor/shared';
import { SRGB_PROFILE } from '@emoeditor/shared';
import sharp from 'sharp';

/** A colourful 48 × 32 picture, RGB, made of smooth ramps so that lossy formats keep it. */
export function rampBytes(width = 48, height = 32, channels: 3 | 4 = 3): Uint8Array {
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * channels;
      data[i] = (255 * x) / width;
      data[i + 1] = (255 * y) / height;
      data[i + 2] = 128;
      if (channels === 4) data[i + 3] = 255;
    }
  }
  return data;
}

export function ramp(width = 48, height = 32, channels: 3 | 4 = 3) {
  return sharp(rampBytes(width, height, channels), { raw: { width, height, channels } });
}

export function bufferOf(
  data: PixelBuffer['data'],
  format: Partial<PixelFormat> & { width: number; height: number },
): PixelBuffer {
  return {
    format: { channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE, ...format },
    data,
  };
}

export function meanDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}
