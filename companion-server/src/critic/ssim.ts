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
 * Mean SSIM of two pictures of the same size. The window slides: a row that enters or leaves it changes the sums of
 * its columns, a column the sums of the window, so the time does not depend on the window's side.
 * @throws RangeError when the sizes differ or a side is shorter than the window
 */
export function ssim(x: GreyPicture, y: GreyPicture, side: number = windowSide(x)): number {
  const { width, height } = x;
  if (y.width !== width || y.height !== height || Math.min(width, height) < side) {
    throw new RangeError(
      `Expected two pictures of the same size, at least ${side} × ${side}, but received ${width} × ${height} and ${y.width} × ${y.height}.`,
    );
  }
  const columns = new Float64Array(SUMS * width);
  let total = 0;
  for (let row = 0; row < height; row++) {
    addRow(columns, x, y, row, 1);
    if (row >= side) addRow(columns, x, y, row - side, -1);
    if (row >= side - 1) total += ssimAlong(columns, width, side);
  }
  return total / ((height - side + 1) * (width - side + 1));
}

/** Of each column inside the window, one after another: Σx, Σy, Σx², Σy², Σxy. */
const SUMS = 5;

/** Adds a row of both pictures to the sums of the columns, or with `sign` −1 takes it away. */
function addRow(
  columns: Float64Array,
  x: GreyPicture,
  y: GreyPicture,
  row: number,
  sign: 1 | -1,
): void {
  const from = row * x.width;
  for (let i = 0, at = 0; i < x.width; i++, at += SUMS) {
    const a = x.values[from + i] as number;
    const b = y.values[from + i] as number;
    columns[at] = (columns[at] as number) + sign * a;
    columns[at + 1] = (columns[at + 1] as number) + sign * b;
    columns[at + 2] = (columns[at + 2] as number) + sign * a * a;
    columns[at + 3] = (columns[at + 3] as number) + sign * b * b;
    columns[at + 4] = (columns[at + 4] as number) + sign * a * b;
  }
}

/** Sum of the SSIM of all windows on one line of the picture. */
function ssimAlong(columns: Float64Array, width: number, side: number): number {
  const count = side * side;
  let [x, y, xx, yy, xy] = [0, 0, 0, 0, 0];
  let total = 0;
  for (let i = 0; i < width; i++) {
    const enters = i * SUMS;
    x += columns[enters] as number;
    y += columns[enters + 1] as number;
    xx += columns[enters + 2] as number;
    yy += columns[enters + 3] as number;
    xy += columns[enters + 4] as number;
    if (i < side - 1) continue;
    total += windowSsim(x, y, xx, yy, xy, count);
    const leaves = (i - side + 1) * SUMS;
    x -= columns[leaves] as number;
    y -= columns[leaves + 1] as number;
    xx -= columns[leaves + 2] as number;
    yy -= columns[leaves + 3] as number;
    xy -= columns[leaves + 4] as number;
  }
  return total;
}

function windowSsim(
  x: number,
  y: number,
  xx: number,
  yy: number,
  xy: number,
  count: number,
): number {
  const meanX = x / count;
  const meanY = y / count;
  const unbiased = count / (count - 1);
  const varianceX = unbiased * (xx / count - meanX * meanX);
  const varianceY = unbiased * (yy / count - meanY * meanY);
  const covariance = unbiased * (xy / count - meanX * meanY);
  const luminance = (2 * meanX * meanY + C1) / (meanX * meanX + meanY * meanY + C1);
  return (luminance * (2 * covariance + C2)) / (varianceX + varianceY + C2);
}
