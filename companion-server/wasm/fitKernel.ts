/**
 * The inner loops of the fit in AssemblyScript with SIMD: the arithmetic of `src/compositor/planes.ts`,
 * `fitGrade.ts`, `alignEdit.ts`, `gridMoments.ts`, `solveGrid.ts` and `gradeGrid.ts`, pictures in float32.
 * Built into `src/compositor/fitKernel.wasm` by `npm run build:kernel -w companion-server`.
 *
 * Addresses are in bytes, everything else in elements. A plane is f32, row by row, with 16 bytes of room behind it:
 * rows are written four pixels at a time, and what hangs over is written again by the next row.
 */
import { corners } from './corners';

/** Bytes of one cell's moments: w·s·[r g b 1] for s = r, g, b, 1, then w·d·[r g b 1] for the change d of r, g, b. */
const CELL: usize = 112;
/** Bytes of one transform: four columns (red, green, blue, constant) of four floats, the last lane 0. */
const TRANSFORM: usize = 64;

@inline
function clampIndex(index: i32, count: i32): i32 {
  return max(0, min(count - 1, index));
}

@inline
function rowOf(plane: usize, y: i32, width: i32): usize {
  return plane + ((<usize>y * <usize>width) << 2);
}

@inline
function at(address: usize, index: i32): f32 {
  return load<f32>(address + ((<usize>index) << 2));
}

/** The row with `radius` pixels to either side, the border repeated, or zeros. */
function pad(row: usize, width: i32, radius: i32, isRepeated: bool, line: usize): void {
  memory.copy(line + ((<usize>radius) << 2), row, (<usize>width) << 2);
  const first: f32 = isRepeated ? at(row, 0) : 0;
  const last: f32 = isRepeated ? at(row, width - 1) : 0;
  for (let i = 0; i < radius; i++) store<f32>(line + ((<usize>i) << 2), first);
  // Four more, which the last vectors read.
  for (let i = radius + width; i < 2 * radius + width + 4; i++) {
    store<f32>(line + ((<usize>i) << 2), last);
  }
}

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

/** Takes the shift wherever it is better than the best so far. */
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
  // The last vector may hang over into what has to be zero.
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

@inline
function accumulate(to: usize, value: v128): void {
  v128.store(to, f32x4.add(v128.load(to), value));
}

/** Adds every pixel to its cell (nearest in x and y) and the two levels of luma around it. `sums` starts as zeros. */
export function collectMoments(
  source: usize,
  edit: usize,
  luma: usize,
  weights: usize,
  width: i32,
  height: i32,
  gridWidth: i32,
  gridHeight: i32,
  depth: i32,
  sums: usize,
): void {
  const plane = (<usize>(width * height)) << 2;
  for (let y = 0; y < height; y++) {
    const cellRow = ((y * gridHeight) / height) * gridWidth;
    for (let x = 0; x < width; x++) {
      const i = (<usize>(y * width + x)) << 2;
      const cell = (cellRow + (x * gridWidth) / width) * depth;
      const position = load<f32>(luma + i) * <f32>depth - 0.5;
      const z = min<f32>(<f32>(depth - 1), max<f32>(0, position));
      const level = max(0, min(depth - 2, <i32>z));
      const fraction = z - <f32>level;
      const r = load<f32>(source + i);
      const g = load<f32>(source + plane + i);
      const b = load<f32>(source + 2 * plane + i);
      const dr = load<f32>(edit + i) - r;
      const dg = load<f32>(edit + plane + i) - g;
      const db = load<f32>(edit + 2 * plane + i) - b;
      const colour = f32x4(r, g, b, 1);
      let weight = load<f32>(weights + i) * (1 - fraction);
      let to = sums + <usize>(cell + level) * CELL;
      for (let k = 0; k < 2; k++) {
        const weighted = f32x4.mul(colour, f32x4.splat(weight));
        accumulate(to, f32x4.mul(weighted, f32x4.splat(r)));
        accumulate(to + 16, f32x4.mul(weighted, f32x4.splat(g)));
        accumulate(to + 32, f32x4.mul(weighted, f32x4.splat(b)));
        accumulate(to + 48, weighted);
        accumulate(to + 64, f32x4.mul(weighted, f32x4.splat(dr)));
        accumulate(to + 80, f32x4.mul(weighted, f32x4.splat(dg)));
        accumulate(to + 96, f32x4.mul(weighted, f32x4.splat(db)));
        if (fraction <= 0) break;
        weight = load<f32>(weights + i) * fraction;
        to += CELL;
      }
    }
  }
}

/** A coarser grid is the sum of the cells that it covers. `to` starts as zeros. */
export function poolMoments(
  from: usize,
  fineWidth: i32,
  fineHeight: i32,
  fineDepth: i32,
  to: usize,
  width: i32,
  height: i32,
  depth: i32,
): void {
  for (let y = 0; y < fineHeight; y++) {
    const row = ((y * height) / fineHeight) * width;
    for (let x = 0; x < fineWidth; x++) {
      const column = (x * width) / fineWidth;
      for (let z = 0; z < fineDepth; z++) {
        const level = (z * depth) / fineDepth;
        const target = to + <usize>((row + column) * depth + level) * CELL;
        for (let k: usize = 0; k < CELL; k += 16) accumulate(target + k, v128.load(from + k));
        from += CELL;
      }
    }
  }
}

/** Blurs along one axis with what a cell takes of those 0 to 3 away; `stride` bytes from cell to cell, `total` bytes in all. */
export function blurAxis(
  from: usize,
  to: usize,
  cells: i32,
  stride: usize,
  total: usize,
  taps: usize,
): void {
  const block = <usize>cells * stride;
  for (let start: usize = 0; start < total; start += block) {
    for (let target = 0; target < cells; target++) {
      const out = to + start + <usize>target * stride;
      const own = from + start + <usize>target * stride;
      const first = v128.load32_splat(taps);
      for (let k: usize = 0; k < stride; k += 16) {
        v128.store(out + k, f32x4.mul(first, v128.load(own + k)));
      }
      for (let away = 1; away <= 3; away++) {
        const tap = v128.load32_splat(taps + ((<usize>away) << 2));
        if (target >= away) addScaled(own - <usize>away * stride, tap, out, stride);
        if (target + away < cells) addScaled(own + <usize>away * stride, tap, out, stride);
      }
    }
  }
}

@inline
function addScaled(from: usize, factor: v128, to: usize, bytes: usize): void {
  for (let k: usize = 0; k < bytes; k += 16) accumulate(to + k, f32x4.mul(factor, v128.load(from + k)));
}

/**
 * Weighted least squares of every cell, held to its prior, by LDLᵀ in double precision: flat cells are nearly singular.
 * `prior` and `out`: [cells][12] f32, as the grid has them.
 */
export function solveCells(
  sums: usize,
  prior: usize,
  out: usize,
  cells: i32,
  slopeRidge: f64,
  offsetRidge: f64,
  floorRidge: f64,
): void {
  for (let cell = 0; cell < cells; cell++) {
    const count = double(sums, 15);
    const slope = slopeRidge * count + floorRidge;
    const offset = offsetRidge * count + floorRidge;
    const a10 = double(sums, 4);
    const a20 = double(sums, 8);
    const a30 = double(sums, 12);
    const d0 = 1 / pivot(double(sums, 0) + slope);
    const l10 = a10 * d0;
    const l20 = a20 * d0;
    const l30 = a30 * d0;
    const c21 = double(sums, 9) - l20 * a10;
    const c31 = double(sums, 13) - l30 * a10;
    const d1 = 1 / pivot(double(sums, 5) + slope - l10 * a10);
    const l21 = c21 * d1;
    const l31 = c31 * d1;
    const c32 = double(sums, 14) - l30 * a20 - l31 * c21;
    const d2 = 1 / pivot(double(sums, 10) + slope - l20 * a20 - l21 * c21);
    const l32 = c32 * d2;
    const d3 = 1 / pivot(count + offset - l30 * a30 - l31 * c31 - l32 * c32);
    for (let k = 0; k < 3; k++) {
      const from = 16 + 4 * k;
      const y0 = double(sums, from) + slope * double(prior, k);
      const y1 = double(sums, from + 1) + slope * double(prior, 3 + k) - l10 * y0;
      const y2 = double(sums, from + 2) + slope * double(prior, 6 + k) - l20 * y0 - l21 * y1;
      const held = offset * double(prior, 9 + k);
      const y3 = double(sums, from + 3) + held - l30 * y0 - l31 * y1 - l32 * y2;
      const x3 = y3 * d3;
      const x2 = y2 * d2 - l32 * x3;
      const x1 = y1 * d1 - l21 * x2 - l31 * x3;
      const x0 = y0 * d0 - l10 * x1 - l20 * x2 - l30 * x3;
      const to = out + ((<usize>k) << 2);
      store<f32>(to, <f32>x0);
      store<f32>(to + 12, <f32>x1);
      store<f32>(to + 24, <f32>x2);
      store<f32>(to + 36, <f32>x3);
    }
    sums += CELL;
    prior += 48;
    out += 48;
  }
}

@inline
function double(address: usize, index: i32): f64 {
  return <f64>at(address, index);
}

@inline
function pivot(value: f64): f64 {
  return max(value, 1e-12);
}

/** Root mean square change that each cell makes to its own pixels; 0 where it has none. */
export function cellChanges(sums: usize, coefficients: usize, out: usize, cells: i32): void {
  for (let cell = 0; cell < cells; cell++) {
    const count = at(sums, 15);
    let energy: f64 = 0;
    if (count > 0) {
      for (let k = 0; k < 3; k++) {
        for (let i = 0; i < 4; i++) {
          for (let j = 0; j < 4; j++) {
            energy +=
              <f64>at(coefficients, i * 3 + k) *
              <f64>at(coefficients, j * 3 + k) *
              <f64>at(sums, i * 4 + j);
          }
        }
      }
      energy /= <f64>count;
    }
    store<f32>(out + ((<usize>cell) << 2), <f32>sqrt(max(0, energy)));
    sums += CELL;
    coefficients += 48;
  }
}

/**
 * What the grid makes of a planar RGB picture. `grid`: transforms padded to 64 bytes; `columnCell`, `rowCell`: i32
 * low cell, `columnFraction`, `rowFraction`: f32; `line` holds gridWidth · depth transforms.
 */
export function slicePicture(
  grid: usize,
  gridWidth: i32,
  gridHeight: i32,
  depth: i32,
  rgb: usize,
  out: usize,
  width: i32,
  height: i32,
  columnCell: usize,
  columnFraction: usize,
  rowCell: usize,
  rowFraction: usize,
  line: usize,
): void {
  const plane = (<usize>(width * height)) << 2;
  const columnBytes = <usize>depth * TRANSFORM;
  const rowBytes = <usize>gridWidth * columnBytes;
  const nextColumn: usize = gridWidth > 1 ? columnBytes : 0;
  const nextLevel: usize = depth > 1 ? TRANSFORM : 0;
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (let y = 0; y < height; y++) {
    const cell = load<i32>(rowCell + ((<usize>y) << 2));
    const down = v128.load32_splat(rowFraction + ((<usize>y) << 2));
    const upper = grid + <usize>cell * rowBytes;
    const lower = grid + <usize>clampIndex(cell + 1, gridHeight) * rowBytes;
    for (let i: usize = 0; i < rowBytes; i += 16) {
      const a = v128.load(upper + i);
      v128.store(
        line + i,
        f32x4.add(a, f32x4.mul(down, f32x4.sub(v128.load(lower + i), a))),
      );
    }
    for (let x = 0; x < width; x++) {
      const i = (<usize>(y * width + x)) << 2;
      const r = load<f32>(rgb + i);
      const g = load<f32>(rgb + plane + i);
      const b = load<f32>(rgb + 2 * plane + i);
      const luma: f32 = 0.25 * r + 0.5 * g + 0.25 * b;
      const position = luma * <f32>depth - 0.5;
      const z = min<f32>(<f32>(depth - 1), max<f32>(0, position));
      const level = max(0, min(depth - 2, <i32>z));
      const fz = z - <f32>level;
      const fx = load<f32>(columnFraction + ((<usize>x) << 2));
      const both = fx * fz;
      const w00 = f32x4.splat(1 - fx - fz + both);
      const w10 = f32x4.splat(fx - both);
      const w01 = f32x4.splat(fz - both);
      const w11 = f32x4.splat(both);
      const p00 =
        line +
        <usize>load<i32>(columnCell + ((<usize>x) << 2)) * columnBytes +
        <usize>level * TRANSFORM;
      const p10 = p00 + nextColumn;
      const p01 = p00 + nextLevel;
      const p11 = p10 + nextLevel;
      const red = corners(p00, p10, p01, p11, w00, w10, w01, w11);
      const green = corners(p00 + 16, p10 + 16, p01 + 16, p11 + 16, w00, w10, w01, w11);
      const blue = corners(p00 + 32, p10 + 32, p01 + 32, p11 + 32, w00, w10, w01, w11);
      const constant = corners(p00 + 48, p10 + 48, p01 + 48, p11 + 48, w00, w10, w01, w11);
      const change = f32x4.add(
        f32x4.add(f32x4.mul(red, f32x4.splat(r)), f32x4.mul(green, f32x4.splat(g))),
        f32x4.add(f32x4.mul(blue, f32x4.splat(b)), constant),
      );
      const shown = f32x4.pmin(f32x4.pmax(f32x4.add(f32x4(r, g, b, 0), change), zero), one);
      store<f32>(out + i, f32x4.extract_lane(shown, 0));
      store<f32>(out + plane + i, f32x4.extract_lane(shown, 1));
      store<f32>(out + 2 * plane + i, f32x4.extract_lane(shown, 2));
    }
  }
}
