/** The shift of every pixel; the arithmetic of `src/compositor/fit/alignEdit.ts`. */
import { clampIndex } from '../border';
import { pad, rowOf } from './rows';

/** Radius of the patch that is compared, as in `alignEdit.ts`: its sums are written out below. */
const PATCH = 3;
const PATCH_ROWS = 2 * PATCH + 1;

/**
 * For every pixel the number of the shift (1 + (dy + reach)·(2·reach + 1) + dx + reach) whose patch of the edit fits
 * the graded source best, 0 for none. A shift goes through row by row, so that its errors never leave the cache.
 * @param padded scratch: 3 · height · (width + 2·reach + 4) floats
 * @param line scratch: width + 2·PATCH + 4 floats
 * @param ring scratch: (2·PATCH + 1) · (width + 4) floats
 * @param shares scratch: width + 4 floats
 * @param best scratch: a plane
 */
export function bestShifts(
  graded: usize,
  edit: usize,
  padded: usize,
  line: usize,
  ring: usize,
  shares: usize,
  best: usize,
  shift: usize,
  width: i32,
  height: i32,
  reach: i32,
  shiftCost: f32,
): void {
  const stride = width + 2 * reach + 4;
  for (let row = 0; row < 3 * height; row++) {
    pad(rowOf(edit, row, width), width, reach, true, rowOf(padded, row, stride));
  }
  for (let x = 0; x < width; x++) {
    const seen = min(width - 1, x + PATCH) - max(0, x - PATCH) + 1;
    store<f32>(shares + ((<usize>x) << 2), 1 / <f32>seen);
  }
  const bytes = (<usize>(width * height)) << 2;
  memory.fill(shift, 0, bytes);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(best + at, f32x4.splat(f32.MAX_VALUE));
  tryShift(graded, padded, line, ring, shares, best, shift, width, height, reach, 0, 0, 0, 0);
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      if (dx == 0 && dy == 0) continue;
      const cost = shiftCost * <f32>(dx * dx + dy * dy);
      const number = (dy + reach) * (2 * reach + 1) + dx + reach + 1;
      tryShift(
        graded, padded, line, ring, shares, best, shift, width, height, reach, dx, dy, cost, number,
      );
    }
  }
}

/** Replaces the best shift so far wherever this one is better. */
function tryShift(
  graded: usize,
  padded: usize,
  line: usize,
  ring: usize,
  shares: usize,
  best: usize,
  shift: usize,
  width: i32,
  height: i32,
  reach: i32,
  dx: i32,
  dy: i32,
  shiftCost: f32,
  shiftNumber: i32,
): void {
  const cost = f32x4.splat(shiftCost);
  const number = i32x4.splat(shiftNumber);
  const lanes = i32x4(0, 1, 2, 3);
  const ends = i32x4.splat(width);
  const ringStride = width + 4;
  for (let y = 0; y < height + PATCH; y++) {
    if (y < height) {
      memory.fill(line, 0, PATCH << 2);
      shiftError(graded, padded, line, width, height, reach, dx, dy, y);
      sumAlong(line, rowOf(ring, y % PATCH_ROWS, ringStride), width);
    }
    const row = y - PATCH;
    if (row < 0) continue;
    const first = max(0, row - PATCH);
    const last = min(height - 1, row + PATCH);
    const share = f32x4.splat(1 / <f32>(last - first + 1));
    sumRows(ring, first, last, line, width);
    const bestRow = rowOf(best, row, width);
    const shiftRow = rowOf(shift, row, width);
    for (let x = 0; x < width; x += 4) {
      const column = (<usize>x) << 2;
      const sum = v128.load(line + column);
      const mean = f32x4.mul(f32x4.mul(sum, share), v128.load(shares + column));
      const total = f32x4.add(mean, cost);
      const before = v128.load(bestRow + column);
      // Lanes past the end of the row belong to the next one.
      const isInside = i32x4.lt_s(i32x4.add(lanes, i32x4.splat(x)), ends);
      const isBetter = v128.and(f32x4.lt(total, before), isInside);
      v128.store(bestRow + column, v128.bitselect(total, before, isBetter));
      v128.store(shiftRow + column, v128.bitselect(number, v128.load(shiftRow + column), isBetter));
    }
  }
}

/** One row of the squared difference over the channels, the edit read (dx, dy) away; zeros stand to either side. */
@inline
function shiftError(
  graded: usize,
  padded: usize,
  line: usize,
  width: i32,
  height: i32,
  reach: i32,
  dx: i32,
  dy: i32,
  y: i32,
): void {
  const stride = width + 2 * reach + 4;
  const plane = (<usize>(width * height)) << 2;
  const paddedPlane = (<usize>(stride * height)) << 2;
  const from = rowOf(padded, clampIndex(y + dy, height), stride) + ((<usize>(dx + reach)) << 2);
  const to = rowOf(graded, y, width);
  const out = line + (PATCH << 2);
  for (let x = 0; x < width; x += 4) {
    const column = (<usize>x) << 2;
    const r = f32x4.sub(v128.load(from + column), v128.load(to + column));
    const g = f32x4.sub(
      v128.load(from + paddedPlane + column),
      v128.load(to + plane + column),
    );
    const b = f32x4.sub(
      v128.load(from + 2 * paddedPlane + column),
      v128.load(to + 2 * plane + column),
    );
    v128.store(
      out + column,
      f32x4.add(f32x4.add(f32x4.mul(r, r), f32x4.mul(g, g)), f32x4.mul(b, b)),
    );
  }
  // The last vector may have overwritten the zeros after the row.
  for (let x = width; x < width + PATCH + 4; x++) store<f32>(out + ((<usize>x) << 2), 0);
}

/** Sums of 2·PATCH + 1 neighbours. */
@inline
function sumAlong(line: usize, out: usize, width: i32): void {
  for (let x = 0; x < width; x += 4) {
    const at = line + ((<usize>x) << 2);
    const low = f32x4.add(
      f32x4.add(v128.load(at), v128.load(at + 4)),
      f32x4.add(v128.load(at + 8), v128.load(at + 12)),
    );
    const high = f32x4.add(v128.load(at + 16), v128.load(at + 20));
    v128.store(out + ((<usize>x) << 2), f32x4.add(low, f32x4.add(high, v128.load(at + 24))));
  }
}

/** Sum of the ring's rows `first` to `last`. */
@inline
function sumRows(ring: usize, first: i32, last: i32, out: usize, width: i32): void {
  const stride = width + 4;
  const row0 = rowOf(ring, first % PATCH_ROWS, stride);
  if (last - first < PATCH_ROWS - 1) {
    memory.copy(out, row0, (<usize>width) << 2);
    for (let from = first + 1; from <= last; from++) {
      const row = rowOf(ring, from % PATCH_ROWS, stride);
      for (let x = 0; x < width; x += 4) {
        const column = (<usize>x) << 2;
        v128.store(out + column, f32x4.add(v128.load(out + column), v128.load(row + column)));
      }
    }
    return;
  }
  const row1 = rowOf(ring, (first + 1) % PATCH_ROWS, stride);
  const row2 = rowOf(ring, (first + 2) % PATCH_ROWS, stride);
  const row3 = rowOf(ring, (first + 3) % PATCH_ROWS, stride);
  const row4 = rowOf(ring, (first + 4) % PATCH_ROWS, stride);
  const row5 = rowOf(ring, (first + 5) % PATCH_ROWS, stride);
  const row6 = rowOf(ring, (first + 6) % PATCH_ROWS, stride);
  for (let x = 0; x < width; x += 4) {
    const at = (<usize>x) << 2;
    const low = f32x4.add(
      f32x4.add(v128.load(row0 + at), v128.load(row1 + at)),
      f32x4.add(v128.load(row2 + at), v128.load(row3 + at)),
    );
    const high = f32x4.add(v128.load(row4 + at), v128.load(row5 + at));
    v128.store(out + at, f32x4.add(low, f32x4.add(high, v128.load(row6 + at))));
  }
}
