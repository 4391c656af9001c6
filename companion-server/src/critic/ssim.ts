import type { Tensor } from '../tensor/tensor.ts';
import { meanSimilarity, weighChannels } from '../tensor/tensorKernel.ts';

/**
 * Structural similarity (Wang et al. 2004) as skimage.metrics.structural_similarity computes it by default:
 * uniform window, sample covariance, mean over all whole windows, K1 0.01, K2 0.03, data range 1.
 */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  /** Row by row, in [0, 1]. */
  readonly values: Float32Array;
}

/** The authors' code uses 51 pixels at 224 × 224; this keeps the window's share of the picture at any size. */
const WINDOW_SHARE = 51 / 224;
/** Weights of red, green and blue: Rec. 601, as OpenCV's and Pillow's greyscale. */
const REC_601 = [0.299, 0.587, 0.114] as const;

/** @param image [1, 3, H, W] in [0, 1] */
export function greyOf({ data, dims }: Tensor): GreyPicture {
  const [, , height = 0, width = 0] = dims;
  const count = width * height;
  if (data.length !== 3 * count) {
    throw new RangeError(
      `Expected one RGB picture [1, 3, H, W] but received [${dims.join(', ')}].`,
    );
  }
  return { width, height, values: weighChannels(data, REC_601) };
}

/** Odd side of the window for a picture, at least 3. */
export function windowSide({ width, height }: Pick<GreyPicture, 'width' | 'height'>): number {
  const side = Math.round(Math.min(width, height) * WINDOW_SHARE);
  return Math.max(3, side + 1 - (side % 2));
}

/**
 * Mean SSIM of two pictures of the same size, in a time that does not depend on the window's side.
 * @throws RangeError when the sizes differ or a side is shorter than the window
 */
export function ssim(x: GreyPicture, y: GreyPicture, side: number = windowSide(x)): number {
  const { width, height } = x;
  if (y.width !== width || y.height !== height || Math.min(width, height) < side) {
    throw new RangeError(
      `Expected two pictures of the same size, at least ${side} × ${side}, but received ${width} × ${height} and ${y.width} × ${y.height}.`,
    );
  }
  return meanSimilarity(x.values, y.values, width, side);
}
