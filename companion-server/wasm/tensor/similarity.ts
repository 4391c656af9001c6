/** Structural similarity; what is computed and after whom: `src/critic/ssim.ts`. Sums in f64. */

/** Constants against small denominators for values in [0, 1]. */
const C1: f64 = 0.01 * 0.01;
const C2: f64 = 0.03 * 0.03;

/** Planar RGB of `count` pixels → luma by the three weights. */
export function grey(
  rgb: usize,
  out: usize,
  count: i32,
  red: f32,
  green: f32,
  blue: f32,
): void {
  const plane = (<usize>count) << 2;
  const reds = f32x4.splat(red);
  const greens = f32x4.splat(green);
  const blues = f32x4.splat(blue);
  for (let at: usize = 0; at < plane; at += 16) {
    const r = f32x4.mul(reds, v128.load(rgb + at));
    const g = f32x4.mul(greens, v128.load(rgb + plane + at));
    const b = f32x4.mul(blues, v128.load(rgb + 2 * plane + at));
    v128.store(out + at, f32x4.add(f32x4.add(r, g), b));
  }
}

/**
 * Mean over all whole windows of two planes. The window slides: a row that enters or leaves it changes the sums of
 * its columns, a column the sums of the window, so the time does not depend on the window's side.
 * `columns`: five lines of f64 (Σx, Σy, Σx², Σy², Σxy), each `lineBytes` long, all zero.
 */
export function ssim(
  x: usize,
  y: usize,
  columns: usize,
  lineBytes: usize,
  width: i32,
  height: i32,
  side: i32,
): f64 {
  const rowBytes = (<usize>width) << 2;
  let total: f64 = 0;
  for (let row = 0; row < height; row++) {
    addRow(x + <usize>row * rowBytes, y + <usize>row * rowBytes, columns, lineBytes, width, 1);
    if (row >= side) {
      const left = <usize>(row - side) * rowBytes;
      addRow(x + left, y + left, columns, lineBytes, width, -1);
    }
    if (row >= side - 1) total += alongRow(columns, lineBytes, width, side);
  }
  return total / (<f64>(height - side + 1) * <f64>(width - side + 1));
}

/** Adds a row of both planes to the sums of the columns, or with `sign` −1 takes it away. */
function addRow(
  x: usize,
  y: usize,
  columns: usize,
  lineBytes: usize,
  width: i32,
  sign: f64,
): void {
  const signs = f64x2.splat(sign);
  const end = (<usize>width) << 3;
  for (let at: usize = 0; at < end; at += 16) {
    const a = f64x2.promote_low_f32x4(v128.load64_zero(x + (at >> 1)));
    const b = f64x2.promote_low_f32x4(v128.load64_zero(y + (at >> 1)));
    const signedA = f64x2.mul(signs, a);
    const signedB = f64x2.mul(signs, b);
    let sum = columns + at;
    v128.store(sum, f64x2.add(v128.load(sum), signedA));
    sum += lineBytes;
    v128.store(sum, f64x2.add(v128.load(sum), signedB));
    sum += lineBytes;
    v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(signedA, a)));
    sum += lineBytes;
    v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(signedB, b)));
    sum += lineBytes;
    v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(signedA, b)));
  }
}

/** Sum of the similarity of all windows on one line of the picture. */
function alongRow(columns: usize, lineBytes: usize, width: i32, side: i32): f64 {
  const squaresX = columns + 2 * lineBytes;
  const squaresY = columns + 3 * lineBytes;
  const products = columns + 4 * lineBytes;
  const perWindow: f64 = 1 / <f64>(side * side);
  const unbiased: f64 = 1 / (1 - perWindow);
  let x: f64 = 0;
  let y: f64 = 0;
  let xx: f64 = 0;
  let yy: f64 = 0;
  let xy: f64 = 0;
  let total: f64 = 0;
  for (let i = 0; i < width; i++) {
    const enters = (<usize>i) << 3;
    x += load<f64>(columns + enters);
    y += load<f64>(columns + lineBytes + enters);
    xx += load<f64>(squaresX + enters);
    yy += load<f64>(squaresY + enters);
    xy += load<f64>(products + enters);
    if (i < side - 1) continue;
    const meanX = x * perWindow;
    const meanY = y * perWindow;
    const cross = meanX * meanY;
    const square = meanX * meanX + meanY * meanY;
    const variances = unbiased * ((xx + yy) * perWindow - square);
    const covariance = unbiased * (xy * perWindow - cross);
    total += ((2 * cross + C1) * (2 * covariance + C2)) / ((square + C1) * (variances + C2));
    const leaves = (<usize>(i - side + 1)) << 3;
    x -= load<f64>(columns + leaves);
    y -= load<f64>(columns + lineBytes + leaves);
    xx -= load<f64>(squaresX + leaves);
    yy -= load<f64>(squaresY + leaves);
    xy -= load<f64>(products + leaves);
  }
  return total;
}
