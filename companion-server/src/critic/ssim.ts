import type { Tensor } from '../tensor/tensor.ts';

/**
 * Structural similarity (Wang et al. 2004) as skimage.metrics.structural_similarity computes it by default:
 * uniform window, sample covariance, mean over all whole windows, K1 0.01, K2 0.03, data range 1.
 */
export interface GreyPicture {
  readonly width: number;
  readonly height: number;
  /** Row by row, in [0, 1]. */
  readonly values: Float64Array;
}

const C1 = 0.01 ** 2;
const C2 = 0.03 ** 2;
/** The authors' code uses 51 pixels at 224 × 224; this keeps the window's share of the picture at any size. */
const WINDOW_SHARE = 51 / 224;
/** Rec. 601, as OpenCV's and Pillow's greyscale. */
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

/** @param image [1, 3, H, W] in [0, 1] */
export function greyOf({ data, dims }: Tensor): GreyPicture {
  const [, , height = 0, width = 0] = dims;
  const count = width * height;
  if (data.length !== 3 * count) {
    throw new RangeError(
      `Expected one RGB picture [1, 3, H, W] but received [${dims.join(', ')}].`,
    );
  }
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    values[i] =
      RED * (data[i] as number) +
      GREEN * (data[count + i] as number) +
      BLUE * (data[2 * count + i] as number);
  }
  return { width, height, values };
}

/** Odd side of the window for a picture, at least 3. */
export function windowSide({ width, height }: Pick<GreyPicture, 'width' | 'height'>): number {
  const side = Math.round(Math.min(width, height) * WINDOW_SHARE);
  return Math.max(3, side + 1 - (side % 2));
}

/**
 * Mean SSIM of two pictures of the same size.
 * @throws RangeError when the sizes differ or a side is shorter than the window
 */
export function ssim(x: GreyPicture, y: GreyPicture, side: number = windowSide(x)): number {
  const { width, height } = x;
  if (y.width !== width || y.height !== height || Math.min(width, height) < side) {
    throw new RangeError(
      `Expected two pictures of the same size, at least ${side} × ${side}, but received ${width} × ${height} and ${y.width} × ${y.height}.`,
    );
  }
  const sums = [
    integral(x, x.values, null),
    integral(x, y.values, null),
    integral(x, x.values, x.values),
    integral(x, y.values, y.values),
    integral(x, x.values, y.values),
  ] as const;
  let total = 0;
  for (let top = 0; top + side <= height; top++) {
    for (let left = 0; left + side <= width; left++)
      total += windowSsim(sums, width, left, top, side);
  }
  return total / ((height - side + 1) * (width - side + 1));
}

type Sums = readonly [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

function windowSsim(sums: Sums, width: number, left: number, top: number, side: number): number {
  const above = top * (width + 1) + left;
  const below = above + side * (width + 1);
  const sum = (table: Float64Array) =>
    (table[below + side] as number) -
    (table[below] as number) -
    (table[above + side] as number) +
    (table[above] as number);
  const count = side * side;
  const meanX = sum(sums[0]) / count;
  const meanY = sum(sums[1]) / count;
  const unbiased = count / (count - 1);
  const varianceX = unbiased * (sum(sums[2]) / count - meanX * meanX);
  const varianceY = unbiased * (sum(sums[3]) / count - meanY * meanY);
  const covariance = unbiased * (sum(sums[4]) / count - meanX * meanY);
  const luminance = (2 * meanX * meanY + C1) / (meanX * meanX + meanY * meanY + C1);
  return (luminance * (2 * covariance + C2)) / (varianceX + varianceY + C2);
}

/** Summed-area table of a·b, or of a alone, with a zero row and column in front: [(H + 1) · (W + 1)]. */
function integral(
  { width, height }: GreyPicture,
  a: Float64Array,
  b: Float64Array | null,
): Float64Array {
  const table = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    const from = y * width;
    const to = (y + 1) * (width + 1) + 1;
    for (let i = 0; i < width; i++) {
      const value = a[from + i] as number;
      row += b === null ? value : value * (b[from + i] as number);
      table[to + i] = row + (table[to + i - width - 1] as number);
    }
  }
  return table;
}
