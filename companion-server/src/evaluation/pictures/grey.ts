import type { RgbPicture } from './rgbPicture.ts';

/** Luma as `cv2.cvtColor(…, COLOR_RGB2GRAY)` rounds it: Rec. 601 in 15 bits. Source: OpenCV, color.simd_helpers. */
const [RED, GREEN, BLUE, HALF, BITS] = [9798, 19235, 3735, 16384, 15];

/** [H · W] bytes. */
export function greyOf({ rgb }: Pick<RgbPicture, 'rgb'>): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let i = 0; i < grey.length; i++) {
    const at = i * 3;
    const sum =
      RED * (rgb[at] as number) + GREEN * (rgb[at + 1] as number) + BLUE * (rgb[at + 2] as number);
    grey[i] = (sum + HALF) >> BITS;
  }
  return grey;
}
