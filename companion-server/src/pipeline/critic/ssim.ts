import type { Tensor } from '../../tensor/tensor.ts';
import { meanSimilarity } from '../../tensor/tensorKernel.ts';

/** The authors' code uses 51 pixels at 224 × 224; this keeps the window's share of the picture at any size. */
const WINDOW_SHARE = 51 / 224;
/** Weights of red, green and blue: Rec. 601, as OpenCV's and Pillow's greyscale. */
const REC_601 = [0.299, 0.587, 0.114] as const;

/** Odd side of the window for a picture, at least 3. */
export function windowSide(width: number, height: number): number {
  const side = Math.round(Math.min(width, height) * WINDOW_SHARE);
  return Math.max(3, side + 1 - (side % 2));
}

/**
 * Structural similarity (Wang et al. 2004) of the luma of two pictures [1, 3, H, W] in [0, 1], as
 * skimage.metrics.structural_similarity computes it by default: uniform window, sample covariance, mean over all whole
 * windows, K1 0.01, K2 0.03, data range 1. The time does not depend on the window's side.
 * @throws RangeError when they are no two pictures of one size, or a side is shorter than the window
 */
export function ssim(x: Tensor, y: Tensor, window?: number): number {
  const [n, channels, height = 0, width = 0] = x.dims;
  const side = window ?? windowSide(width, height);
  if (
    n !== 1 ||
    channels !== 3 ||
    y.dims.join() !== x.dims.join() ||
    Math.min(width, height) < side
  ) {
    throw new RangeError(
      `Expected two pictures [1, 3, H, W] of the same size, at least ${side} × ${side}, but received [${x.dims.join(', ')}] and [${y.dims.join(', ')}].`,
    );
  }
  return meanSimilarity(x.data, y.data, width, { side, weights: REC_601 });
}
