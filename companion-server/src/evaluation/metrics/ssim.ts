import { ssim } from '../../pipeline/critic/ssim.ts';
import { tensor } from '../../tensor/tensor.ts';

/** Of the official code (`cal_ssim` of utils.py), at 224 × 224. */
const WINDOW = 51;

/**
 * Structural similarity as published: of the 8-bit luma of two pictures squashed to 224 × 224, uniform window of 51,
 * as skimage.metrics.structural_similarity computes it (Wang et al. 2004).
 * @param source luma [side · side] as bytes, see greyOf
 */
export function publishedSsim(source: Uint8Array, edit: Uint8Array, side: number): number {
  const planes = (grey: Uint8Array) => {
    const data = new Float32Array(3 * grey.length);
    for (let i = 0; i < data.length; i++) data[i] = (grey[i % grey.length] as number) / 255;
    return tensor(data, [1, 3, side, side]);
  };
  return ssim(planes(source), planes(edit), WINDOW);
}
