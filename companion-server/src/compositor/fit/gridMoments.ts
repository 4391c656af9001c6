import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../planes.ts';

/** Cells of a grid in x, y and luma. */
export interface GridShape {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
}

/** Σ w·[s;1][s;1]ᵀ (10 unique terms) and Σ w·[s;1]·(e − s)ᵀ (12 terms), per cell [height][width][depth][22]. */
export interface GridMoments {
  readonly shape: GridShape;
  readonly sums: Float64Array;
}

export const MOMENTS = 22;
/** Where the sum of weights lies. */
export const MOMENT_COUNT = 9;

export const cellCount = (shape: GridShape) => shape.width * shape.height * shape.depth;

/**
 * Collects the moments of a weighted pair of planar RGB pictures.
 * Nearest cell in x and y (the blur afterwards is wider than a cell), linear between two levels in luma.
 */
export function collectMoments(
  source: Float32Array,
  edit: Float32Array,
  luma: Plane,
  weights: Plane,
  extent: Extent,
  shape: GridShape,
): GridMoments {
  const { width, height } = extent;
  const pixels = width * height;
  const sums = new Float64Array(cellCount(shape) * MOMENTS);
  for (let y = 0; y < height; y++) {
    const cellRow = Math.floor((y * shape.height) / height) * shape.width;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const cell = (cellRow + Math.floor((x * shape.width) / width)) * shape.depth;
      const z = Math.min(shape.depth - 1, Math.max(0, (luma[i] as number) * shape.depth - 0.5));
      const level = Math.max(0, Math.min(shape.depth - 2, Math.floor(z)));
      const fraction = z - level;
      const weight = weights[i] as number;
      const at = (cell + level) * MOMENTS;
      addPixel(sums, at, weight * (1 - fraction), source, edit, i, pixels);
      if (fraction > 0) addPixel(sums, at + MOMENTS, weight * fraction, source, edit, i, pixels);
    }
  }
  return { shape, sums };
}

function addPixel(
  sums: Float64Array,
  at: number,
  weight: number,
  source: Float32Array,
  edit: Float32Array,
  i: number,
  pixels: number,
): void {
  const r = source[i] as number;
  const g = source[i + pixels] as number;
  const b = source[i + 2 * pixels] as number;
  const wr = weight * r;
  const wg = weight * g;
  const wb = weight * b;
  sums[at] = (sums[at] as number) + wr * r;
  sums[at + 1] = (sums[at + 1] as number) + wr * g;
  sums[at + 2] = (sums[at + 2] as number) + wr * b;
  sums[at + 3] = (sums[at + 3] as number) + wr;
  sums[at + 4] = (sums[at + 4] as number) + wg * g;
  sums[at + 5] = (sums[at + 5] as number) + wg * b;
  sums[at + 6] = (sums[at + 6] as number) + wg;
  sums[at + 7] = (sums[at + 7] as number) + wb * b;
  sums[at + 8] = (sums[at + 8] as number) + wb;
  sums[at + 9] = (sums[at + 9] as number) + weight;
  for (let k = 0; k < 3; k++) {
    const d = (edit[i + k * pixels] as number) - (source[i + k * pixels] as number);
    const to = at + 10 + 4 * k;
    sums[to] = (sums[to] as number) + wr * d;
    sums[to + 1] = (sums[to + 1] as number) + wg * d;
    sums[to + 2] = (sums[to + 2] as number) + wb * d;
    sums[to + 3] = (sums[to + 3] as number) + weight * d;
  }
}

/** Moments are sums, so a coarser grid is the sum of the cells it covers. */
export function poolMoments(moments: GridMoments, shape: GridShape): GridMoments {
  const fine = moments.shape;
  const sums = new Float64Array(cellCount(shape) * MOMENTS);
  for (let y = 0; y < fine.height; y++) {
    const row = Math.floor((y * shape.height) / fine.height) * shape.width;
    for (let x = 0; x < fine.width; x++) {
      const column = Math.floor((x * shape.width) / fine.width);
      for (let z = 0; z < fine.depth; z++) {
        const level = Math.floor((z * shape.depth) / fine.depth);
        const from = ((y * fine.width + x) * fine.depth + z) * MOMENTS;
        const to = ((row + column) * shape.depth + level) * MOMENTS;
        for (let k = 0; k < MOMENTS; k++) {
          sums[to + k] = (sums[to + k] as number) + (moments.sums[from + k] as number);
        }
      }
    }
  }
  return { shape, sums };
}

/** Blur weights of the cells 0, 1, 2 and 3 away. */
export type NeighbourWeights = readonly [number, number, number, number];
/** A Gaussian of one cell along x and y: smooths unevenness of the edit and hides the borders of cells. */
export const SPREAD: NeighbourWeights = [1, 0.6, 0.13, 0.01];
/** BGU's kernel (google/bgu, Apache-2.0) along luma: sharp centre, long tails, so that edges stay separate. */
export const SPREAD_LUMA: NeighbourWeights = [1, 1 / 8, 1 / 27, 1 / 64];
/** Nearly only the cell's own pixels; where it has none, those of the nearest cells. */
export const OWN: NeighbourWeights = [1, 1e-2, 1e-3, 1e-4];

/** Spreads every cell's moments to its neighbours along x, y and luma. */
export function blurMoments(
  { shape, sums }: GridMoments,
  taps: NeighbourWeights,
  lumaTaps: NeighbourWeights = taps,
): GridMoments {
  const luma = MOMENTS;
  const column = shape.depth * luma;
  const row = shape.width * column;
  let current = sums;
  current = blurAxis(current, shape.depth, luma, lumaTaps);
  current = blurAxis(current, shape.width, column, taps);
  current = blurAxis(current, shape.height, row, taps);
  return { shape, sums: current };
}

function blurAxis(
  sums: Float64Array,
  cells: number,
  stride: number,
  taps: NeighbourWeights,
): Float64Array {
  if (cells === 1) return sums;
  const out = new Float64Array(sums.length);
  const block = cells * stride;
  for (let start = 0; start < sums.length; start += block) {
    for (let to = 0; to < cells; to++) {
      const first = Math.max(0, to - 3);
      const last = Math.min(cells - 1, to + 3);
      for (let from = first; from <= last; from++) {
        const tap = taps[Math.abs(from - to)] as number;
        const source = start + from * stride;
        const target = start + to * stride;
        for (let k = 0; k < stride; k++) {
          out[target + k] = (out[target + k] as number) + tap * (sums[source + k] as number);
        }
      }
    }
  }
  return out;
}
