/** Planes: blur, windows, products, correlation; the arithmetic of `src/compositor/planes.ts`. */
import { clampIndex } from '../border';
import { pad, rowOf } from './rows';

/**
 * `line` holds width + 2·radius + 4 floats, `taps` the 2·radius + 1 of a symmetric kernel, `rows` a plane.
 * `to` may be `from`.
 */
export function gaussian(
  from: usize,
  to: usize,
  rows: usize,
  line: usize,
  width: i32,
  height: i32,
  taps: usize,
  radius: i32,
): void {
  const centre = v128.load32_splat(taps + ((<usize>radius) << 2));
  for (let y = 0; y < height; y++) {
    pad(rowOf(from, y, width), width, radius, true, line);
    const out = rowOf(rows, y, width);
    for (let x = 0; x < width; x += 4) {
      const middle = line + ((<usize>(x + radius)) << 2);
      let sum = f32x4.mul(centre, v128.load(middle));
      for (let k = 1; k <= radius; k++) {
        const away = (<usize>k) << 2;
        const pair = f32x4.add(v128.load(middle - away), v128.load(middle + away));
        const tap = v128.load32_splat(taps + ((<usize>(radius - k)) << 2));
        sum = f32x4.add(sum, f32x4.mul(tap, pair));
      }
      v128.store(out + ((<usize>x) << 2), sum);
    }
  }
  for (let y = 0; y < height; y++) {
    const row = rowOf(rows, y, width);
    for (let x = 0; x < width; x += 4) {
      const column = (<usize>x) << 2;
      v128.store(line + column, f32x4.mul(centre, v128.load(row + column)));
    }
    for (let k = 1; k <= radius; k++) {
      const tap = v128.load32_splat(taps + ((<usize>(radius - k)) << 2));
      const above = rowOf(rows, clampIndex(y - k, height), width);
      const below = rowOf(rows, clampIndex(y + k, height), width);
      for (let x = 0; x < width; x += 4) {
        const column = (<usize>x) << 2;
        const pair = f32x4.add(v128.load(above + column), v128.load(below + column));
        const sum = f32x4.add(v128.load(line + column), f32x4.mul(tap, pair));
        v128.store(line + column, sum);
      }
    }
    memory.copy(rowOf(to, y, width), line, (<usize>width) << 2);
  }
}

/** Mean over a square window, cut off at the border. Scratch as for `gaussian`; `shares` holds width + 4 floats. */
export function boxMean(
  from: usize,
  to: usize,
  rows: usize,
  line: usize,
  shares: usize,
  width: i32,
  height: i32,
  radius: i32,
): void {
  const count = 2 * radius + 1;
  for (let x = 0; x < width; x++) {
    const seen = min(width - 1, x + radius) - max(0, x - radius) + 1;
    store<f32>(shares + ((<usize>x) << 2), 1 / <f32>seen);
  }
  for (let y = 0; y < height; y++) {
    pad(rowOf(from, y, width), width, radius, false, line);
    const out = rowOf(rows, y, width);
    for (let x = 0; x < width; x += 4) {
      const column = (<usize>x) << 2;
      let sum = v128.load(line + column);
      for (let k = 1; k < count; k++) {
        sum = f32x4.add(sum, v128.load(line + column + ((<usize>k) << 2)));
      }
      v128.store(out + column, f32x4.mul(sum, v128.load(shares + column)));
    }
  }
  for (let y = 0; y < height; y++) {
    const first = max(0, y - radius);
    const last = min(height - 1, y + radius);
    const share = f32x4.splat(1 / <f32>(last - first + 1));
    const out = rowOf(to, y, width);
    for (let x = 0; x < width; x += 4) {
      const column = (<usize>x) << 2;
      let sum = v128.load(rowOf(rows, first, width) + column);
      for (let row = first + 1; row <= last; row++) {
        sum = f32x4.add(sum, v128.load(rowOf(rows, row, width) + column));
      }
      v128.store(out + column, f32x4.mul(sum, share));
    }
  }
}

/** Greatest value in a square window, of a plane without negative values. */
export function dilate(
  from: usize,
  to: usize,
  rows: usize,
  line: usize,
  width: i32,
  height: i32,
  radius: i32,
): void {
  const count = 2 * radius + 1;
  for (let y = 0; y < height; y++) {
    pad(rowOf(from, y, width), width, radius, false, line);
    const out = rowOf(rows, y, width);
    for (let x = 0; x < width; x += 4) {
      const column = (<usize>x) << 2;
      let greatest = v128.load(line + column);
      for (let k = 1; k < count; k++) {
        greatest = f32x4.max(greatest, v128.load(line + column + ((<usize>k) << 2)));
      }
      v128.store(out + column, greatest);
    }
  }
  for (let y = 0; y < height; y++) {
    const first = max(0, y - radius);
    const last = min(height - 1, y + radius);
    const out = rowOf(to, y, width);
    for (let x = 0; x < width; x += 4) {
      const column = (<usize>x) << 2;
      let greatest = v128.load(rowOf(rows, first, width) + column);
      for (let row = first + 1; row <= last; row++) {
        greatest = f32x4.max(greatest, v128.load(rowOf(rows, row, width) + column));
      }
      v128.store(out + column, greatest);
    }
  }
}

/** out = a · b. */
export function multiply(a: usize, b: usize, out: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(out + i, f32x4.mul(v128.load(a + i), v128.load(b + i)));
  }
}

/** Correlation from blurred moments, 0..1; `flat` is added to both variances and to the covariance. */
export function correlation(
  meanA: usize,
  meanB: usize,
  squareA: usize,
  squareB: usize,
  cross: usize,
  out: usize,
  count: i32,
  flat: f32,
): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const floor = f32x4.splat(flat);
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const a = v128.load(meanA + i);
    const b = v128.load(meanB + i);
    const varianceA = f32x4.max(zero, f32x4.sub(v128.load(squareA + i), f32x4.mul(a, a)));
    const varianceB = f32x4.max(zero, f32x4.sub(v128.load(squareB + i), f32x4.mul(b, b)));
    const covariance = f32x4.sub(v128.load(cross + i), f32x4.mul(a, b));
    const scale = f32x4.sqrt(f32x4.mul(f32x4.add(varianceA, floor), f32x4.add(varianceB, floor)));
    const value = f32x4.div(f32x4.add(covariance, floor), scale);
    v128.store(out + i, f32x4.min(one, f32x4.max(zero, value)));
  }
}
