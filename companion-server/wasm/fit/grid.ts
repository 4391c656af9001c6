/** The grid: moments of its cells and their solution; `src/compositor/fit/gridMoments.ts` and `solveGrid.ts`. */
import { TRANSFORM } from '../grade';
import { CELL } from './layout';
import { at } from './rows';

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

/** Blurs along one axis with weights for the cells 0 to 3 away; `stride` bytes between cells, `total` bytes in all. */
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
 * Weighted least squares in every cell, regularised towards its prior, by LDLᵀ in float64: flat cells are nearly singular.
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
