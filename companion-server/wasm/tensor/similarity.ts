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
 * `columns`: five lines of f64 (Σx, Σy, Σx², Σy², Σxy), each `lineBytes` long, all zero; `totals`: five more.
 */
export function ssim(
  x: usize,
  y: usize,
  columns: usize,
  totals: usize,
  lineBytes: usize,
  width: i32,
  height: i32,
  side: i32,
): f64 {
  const rowBytes = (<usize>width) << 2;
  let total: f64 = 0;
  for (let row = 0; row < height; row++) {
    const start = <usize>row * rowBytes;
    const leavesBefore: usize = row < side ? 0 : <usize>side * rowBytes;
    slideDown(x + start, y + start, columns, lineBytes, width, leavesBefore);
    if (row >= side - 1) total += alongRow(columns, totals, lineBytes, width, side);
  }
  return total / (<f64>(height - side + 1) * <f64>(width - side + 1));
}

/** Adds a row of both planes to the sums of the columns; where another leaves the window meanwhile, takes that away. */
function slideDown(
  x: usize,
  y: usize,
  columns: usize,
  lineBytes: usize,
  width: i32,
  leavesBefore: usize, // bytes from a row to the one that leaves as it enters; 0: none does
): void {
  const end = (<usize>width) << 3;
  const stays = f64x2.splat(leavesBefore === 0 ? 0 : 1);
  for (let at: usize = 0; at < end; at += 16) {
    const left = x + (at >> 1);
    const right = y + (at >> 1);
    const a = f64x2.promote_low_f32x4(v128.load64_zero(left));
    const b = f64x2.promote_low_f32x4(v128.load64_zero(right));
    const c = f64x2.mul(stays, f64x2.promote_low_f32x4(v128.load64_zero(left - leavesBefore)));
    const d = f64x2.mul(stays, f64x2.promote_low_f32x4(v128.load64_zero(right - leavesBefore)));
    let sum = columns + at;
    addTo(sum, f64x2.sub(a, c));
    sum += lineBytes;
    addTo(sum, f64x2.sub(b, d));
    sum += lineBytes;
    addTo(sum, f64x2.sub(f64x2.mul(a, a), f64x2.mul(c, c)));
    sum += lineBytes;
    addTo(sum, f64x2.sub(f64x2.mul(b, b), f64x2.mul(d, d)));
    sum += lineBytes;
    addTo(sum, f64x2.sub(f64x2.mul(a, b), f64x2.mul(c, d)));
  }
}

@inline
function addTo(sum: usize, values: v128): void {
  v128.store(sum, f64x2.add(v128.load(sum), values));
}

/**
 * Sum of the similarity of all windows on one line of the picture. A window's sums are differences of running totals,
 * which `totals` keeps: five lines like `columns`, with room for one more value each.
 */
function alongRow(columns: usize, totals: usize, lineBytes: usize, width: i32, side: i32): f64 {
  addUp(columns, totals, lineBytes, width);
  const perWindow = f64x2.splat(1 / <f64>(side * side));
  const unbiased = f64x2.splat(<f64>(side * side) / <f64>(side * side - 1));
  const two = f64x2.splat(2);
  const c1 = f64x2.splat(C1);
  const c2 = f64x2.splat(C2);
  const sideBytes = (<usize>side) << 3;
  const windows = width - side + 1;
  let sum = f64x2.splat(0);
  for (let i = 0; i < windows; i += 2) {
    const at = totals + ((<usize>i) << 3);
    const x = meanAt(at, sideBytes, perWindow);
    const y = meanAt(at + lineBytes, sideBytes, perWindow);
    const xx = meanAt(at + 2 * lineBytes, sideBytes, perWindow);
    const yy = meanAt(at + 3 * lineBytes, sideBytes, perWindow);
    const xy = meanAt(at + 4 * lineBytes, sideBytes, perWindow);
    const cross = f64x2.mul(x, y);
    const square = f64x2.add(f64x2.mul(x, x), f64x2.mul(y, y));
    const variances = f64x2.mul(unbiased, f64x2.sub(f64x2.add(xx, yy), square));
    const covariance = f64x2.mul(unbiased, f64x2.sub(xy, cross));
    const above = f64x2.mul(
      f64x2.add(f64x2.mul(two, cross), c1),
      f64x2.add(f64x2.mul(two, covariance), c2),
    );
    const below = f64x2.mul(f64x2.add(square, c1), f64x2.add(variances, c2));
    const similarity = f64x2.div(above, below);
    // Of an odd number of windows the last one stands alone.
    sum = f64x2.add(sum, i + 1 < windows ? similarity : f64x2.replace_lane(similarity, 1, 0));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** Totals of all values before each one, and of all of them at last; the lines together, for none has to wait then. */
function addUp(columns: usize, totals: usize, lineBytes: usize, width: i32): void {
  let x: f64 = 0;
  let y: f64 = 0;
  let xx: f64 = 0;
  let yy: f64 = 0;
  let xy: f64 = 0;
  for (let i = 0; i <= width; i++) {
    let total = totals + ((<usize>i) << 3);
    let value = columns + ((<usize>i) << 3);
    store<f64>(total, x);
    x += load<f64>(value);
    total += lineBytes;
    value += lineBytes;
    store<f64>(total, y);
    y += load<f64>(value);
    total += lineBytes;
    value += lineBytes;
    store<f64>(total, xx);
    xx += load<f64>(value);
    total += lineBytes;
    value += lineBytes;
    store<f64>(total, yy);
    yy += load<f64>(value);
    store<f64>(total + lineBytes, xy);
    xy += load<f64>(value + lineBytes);
  }
}

/** Means of two neighbouring windows. */
@inline
function meanAt(totals: usize, sideBytes: usize, perWindow: v128): v128 {
  return f64x2.mul(f64x2.sub(v128.load(totals + sideBytes), v128.load(totals)), perWindow);
}
