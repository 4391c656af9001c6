/** Structural similarity; definition and source: `src/pipeline/critic/ssim.ts`. Sums in f64. */
import { twoAt } from './lanes';

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
 * Mean over all whole windows of two planes; `side` is odd. Windows slide down two rows at a time, the upper row's in
 * the first lane and the lower one's in the second: a row that enters or leaves changes the sums of its columns, a
 * column the sums of the window, so the time does not depend on the window's side.
 * `columns`: four lines (Σx, Σy, Σx² + y², Σxy) of two f64 per column, each `lineBytes` long, all zero, with room for
 * one column more.
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
  for (let row = 0; row < height; row += 2) {
    const upper = <usize>row * rowBytes;
    // With an odd number of rows the last one is used twice, and the windows of the second use are not counted.
    const hasLower = row + 1 < height;
    const lower = hasLower ? upper + rowBytes : upper;
    slideDown(x, y, upper, lower, <usize>side * rowBytes, columns, lineBytes, width);
    if (row < side - 1) continue;
    const sums = alongRows(columns, lineBytes, width, side);
    total += f64x2.extract_lane(sums, 0);
    if (hasLower) total += f64x2.extract_lane(sums, 1);
  }
  return total / (<f64>(height - side + 1) * <f64>(width - side + 1));
}

/**
 * Adds two rows of both planes to the column sums, one after the other, and subtracts the rows that leave the window.
 * `upper` and `lower`: byte offsets of the rows in their planes.
 */
function slideDown(
  x: usize,
  y: usize,
  upper: usize,
  lower: usize,
  windowBytes: usize,
  columns: usize,
  lineBytes: usize,
  width: i32,
): void {
  const upperLeaves = upper >= windowBytes;
  const lowerLeaves = lower >= windowBytes;
  const upperStays = f64x2.splat(upperLeaves ? 1 : 0);
  const lowerStays = f64x2.splat(lowerLeaves ? 1 : 0);
  const aboveUpper = upperLeaves ? upper - windowBytes : upper;
  const aboveLower = lowerLeaves ? lower - windowBytes : lower;
  const end = (<usize>width) << 2;
  for (let at: usize = 0; at < end; at += 8) {
    const a = twoAt(x + upper + at);
    const b = twoAt(y + upper + at);
    const c = f64x2.mul(upperStays, twoAt(x + aboveUpper + at));
    const d = f64x2.mul(upperStays, twoAt(y + aboveUpper + at));
    const e = twoAt(x + lower + at);
    const f = twoAt(y + lower + at);
    const g = f64x2.mul(lowerStays, twoAt(x + aboveLower + at));
    const h = f64x2.mul(lowerStays, twoAt(y + aboveLower + at));
    let sums = columns + (at << 2);
    addTo(sums, f64x2.sub(a, c), f64x2.sub(e, g));
    sums += lineBytes;
    addTo(sums, f64x2.sub(b, d), f64x2.sub(f, h));
    sums += lineBytes;
    addTo(sums, f64x2.sub(squares(a, b), squares(c, d)), f64x2.sub(squares(e, f), squares(g, h)));
    sums += lineBytes;
    addTo(
      sums,
      f64x2.sub(f64x2.mul(a, b), f64x2.mul(c, d)),
      f64x2.sub(f64x2.mul(e, f), f64x2.mul(g, h)),
    );
  }
}

@inline
function squares(x: v128, y: v128): v128 {
  return f64x2.add(f64x2.mul(x, x), f64x2.mul(y, y));
}

/** Updates the sums of two columns: first by the change of the upper row, then by that of the lower row. */
@inline
function addTo(sums: usize, byUpper: v128, byLower: v128): void {
  const before = v128.shuffle<f64>(v128.load(sums), v128.load(sums, 16), 1, 3);
  const upper = f64x2.add(before, byUpper);
  const lower = f64x2.add(upper, byLower);
  v128.store(sums, v128.shuffle<f64>(upper, lower, 0, 2));
  v128.store(sums, v128.shuffle<f64>(upper, lower, 1, 3), 16);
}

/** Sums of the similarity of all windows that end on two lines of the picture. */
function alongRows(columns: usize, lineBytes: usize, width: i32, side: i32): v128 {
  const sideBytes = (<usize>side) << 4;
  const lastWindow = columns + ((<usize>(width - side)) << 4);
  let x = f64x2.splat(0);
  let y = f64x2.splat(0);
  let both = f64x2.splat(0);
  let xy = f64x2.splat(0);
  for (let at = columns; at < columns + sideBytes; at += 16) {
    x = f64x2.add(x, v128.load(at));
    y = f64x2.add(y, v128.load(at + lineBytes));
    both = f64x2.add(both, v128.load(at + 2 * lineBytes));
    xy = f64x2.add(xy, v128.load(at + 3 * lineBytes));
  }
  // All values here are scaled by n², n = side², to avoid divisions; the constants as well.
  const n = <f64>(side * side);
  const count = f64x2.splat(n);
  const unbiased = f64x2.splat(n / (n - 1));
  const twice = f64x2.splat((2 * n) / (n - 1));
  const c1 = f64x2.splat(C1 * n * n);
  const c2 = f64x2.splat(C2 * n * n);
  let total = f64x2.splat(0);
  for (let at = columns; at <= lastWindow; at += 16) {
    const cross = f64x2.mul(x, y);
    const square = squares(x, y);
    const variances = f64x2.mul(unbiased, f64x2.sub(f64x2.mul(count, both), square));
    const twoCovariances = f64x2.mul(twice, f64x2.sub(f64x2.mul(count, xy), cross));
    const above = f64x2.mul(
      f64x2.add(f64x2.add(cross, cross), c1),
      f64x2.add(twoCovariances, c2),
    );
    const below = f64x2.mul(f64x2.add(square, c1), f64x2.add(variances, c2));
    total = f64x2.add(total, f64x2.div(above, below));
    x = slideAlong(x, at, sideBytes);
    y = slideAlong(y, at + lineBytes, sideBytes);
    both = slideAlong(both, at + 2 * lineBytes, sideBytes);
    xy = slideAlong(xy, at + 3 * lineBytes, sideBytes);
  }
  return total;
}

/** The next window's sum: the column at its end enters, that before it leaves. */
@inline
function slideAlong(sum: v128, first: usize, sideBytes: usize): v128 {
  return f64x2.add(sum, f64x2.sub(v128.load(first + sideBytes), v128.load(first)));
}
