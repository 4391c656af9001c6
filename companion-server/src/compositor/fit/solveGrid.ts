import { axisSamples, COEFFICIENTS, type GradeGrid, gridRow } from '../gradeGrid.ts';
import { smoothstep } from '../planes.ts';
import {
  blurMoments,
  cellCount,
  type GridMoments,
  type GridShape,
  MOMENT_COUNT,
  MOMENTS,
  OWN,
  poolMoments,
  SPREAD,
  SPREAD_LUMA,
} from './gridMoments.ts';
import { keepToneOrder } from './toneOrder.ts';

/** Strength of the regularisation of a cell towards its prior. */
export interface Ridge {
  /** Per unit of weight in the cell. */
  readonly slope: number;
  readonly offset: number;
  /** Constant part, in pixels: a cell with fewer pixels than this follows the prior. */
  readonly floor: number;
}

/** Towards the coarser level. Slopes determine texture contrast, so they are regularised more. */
export const TOWARDS_PRIOR: Ridge = { slope: 2e-3, offset: 1e-5, floor: 0.05 };
/** A cell's solution by its own pixels: just enough regularisation to be solvable. */
export const ALONE: Ridge = { slope: 1e-5, offset: 1e-5, floor: 0 };

/** A change below the first value (root mean square, 1.0 = white) becomes zero, above the second it stays. */
const SHRINK_LOW = 0.5 / 255;
const SHRINK_HIGH = 1.5 / 255;

/** From one transform for the whole picture to the full grid; each level is the prior of the next. */
export function gridLevels(shape: GridShape): GridShape[] {
  const { width, height, depth } = shape;
  const coarse = { width: Math.ceil(width / 4), height: Math.ceil(height / 4), depth };
  return [
    { width: 1, height: 1, depth: 1 },
    { width: 1, height: 1, depth },
    ...(coarse.width < width || coarse.height < height ? [coarse] : []),
    shape,
  ];
}

/** The prior of the coarsest level. */
export const NO_CHANGE: GradeGrid = {
  width: 1,
  height: 1,
  depth: 1,
  coefficients: new Float32Array(COEFFICIENTS),
};

/**
 * Weighted least squares in every cell, regularised towards the coarser levels; no change where there is no data at all.
 * @param isDraft skips the tone order and the removal of small changes, which only matter for the final picture
 */
export function solveGrid(moments: GridMoments, isDraft = false): GradeGrid {
  let solved = NO_CHANGE;
  let pooled = moments;
  for (const shape of gridLevels(moments.shape)) {
    pooled = blurMoments(poolMoments(moments, shape), SPREAD, SPREAD_LUMA);
    solved = solveLevel(pooled, solved);
  }
  if (isDraft) return solved;
  keepToneOrder(solved, colourSums(pooled));
  const own = blurMoments(moments, OWN);
  shrinkSmallChanges(cellChanges(pooled, solved), solved);
  shrinkSmallChanges(cellChanges(own, solveLevel(own, NO_CHANGE, ALONE)), solved);
  return solved;
}

/** Σ w·[r, g, b, 1] of every cell. */
function colourSums({ shape, sums }: GridMoments): Float64Array {
  const out = new Float64Array(cellCount(shape) * 4);
  for (let cell = 0; cell < cellCount(shape); cell++) {
    for (let k = 0; k < 4; k++) {
      out[cell * 4 + k] = sums[cell * MOMENTS + (PLACES[3][k] as number)] as number;
    }
  }
  return out;
}

function solveLevel(
  { shape, sums }: GridMoments,
  prior: GradeGrid,
  ridge: Ridge = TOWARDS_PRIOR,
): GradeGrid {
  const coefficients = new Float32Array(cellCount(shape) * COEFFICIENTS);
  const priors = priorCells(prior, shape);
  const matrix = new Float64Array(16);
  const rhs = new Float64Array(4);
  for (let cell = 0; cell < cellCount(shape); cell++) {
    const at = cell * MOMENTS;
    const count = sums[at + MOMENT_COUNT] as number;
    const slope = ridge.slope * count + ridge.floor;
    const offset = ridge.offset * count + ridge.floor;
    factorise(sums, at, slope, offset, matrix);
    for (let k = 0; k < 3; k++) {
      for (let c = 0; c < 4; c++) {
        const held = (c < 3 ? slope : offset) * (priors[cell * COEFFICIENTS + c * 3 + k] as number);
        rhs[c] = (sums[at + 10 + 4 * k + c] as number) + held;
      }
      substitute(matrix, rhs);
      for (let c = 0; c < 4; c++) {
        coefficients[cell * COEFFICIENTS + c * 3 + k] = rhs[c] as number;
      }
    }
  }
  return { ...shape, coefficients };
}

/** The coarser solution at every cell of a finer grid: bilinear in x and y; levels of luma are either one or the same. */
export function priorCells(prior: GradeGrid, shape: GridShape): Float32Array {
  const out = new Float32Array(cellCount(shape) * COEFFICIENTS);
  const columns = axisSamples(0, shape.width, shape.width, prior.width);
  const rows = axisSamples(0, shape.height, shape.height, prior.height);
  const column = prior.depth * COEFFICIENTS;
  const line = new Float32Array(prior.width * column);
  let to = 0;
  for (let y = 0; y < shape.height; y++) {
    gridRow(prior, rows.cell[y] as number, rows.fraction[y] as number, line);
    for (let x = 0; x < shape.width; x++) {
      const left = (columns.cell[x] as number) * column;
      const right = prior.width > 1 ? left + column : left;
      const fraction = columns.fraction[x] as number;
      for (let z = 0; z < shape.depth; z++) {
        const level = prior.depth === 1 ? 0 : z * COEFFICIENTS;
        for (let k = level; k < level + COEFFICIENTS; k++) {
          const a = line[left + k] as number;
          out[to++] = a + fraction * ((line[right + k] as number) - a);
        }
      }
    }
  }
  return out;
}

/** Where the entries of the symmetric 4×4 matrix lie among the moments. */
const PLACES = [
  [0, 1, 2, 3],
  [1, 4, 5, 6],
  [2, 5, 7, 8],
  [3, 6, 8, 9],
] as const;

/** Cholesky factor of moments + ridge, lower triangle, row-major. */
function factorise(
  sums: Float64Array,
  at: number,
  slope: number,
  offset: number,
  out: Float64Array,
): void {
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = sums[at + (PLACES[i]?.[j] as number)] as number;
      if (i === j) sum += i < 3 ? slope : offset;
      for (let k = 0; k < j; k++) sum -= (out[i * 4 + k] as number) * (out[j * 4 + k] as number);
      out[i * 4 + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / (out[j * 5] as number);
    }
  }
}

/** Solves in place with the Cholesky factor. */
function substitute(factor: Float64Array, rhs: Float64Array): void {
  for (let i = 0; i < 4; i++) {
    let sum = rhs[i] as number;
    for (let k = 0; k < i; k++) sum -= (factor[i * 4 + k] as number) * (rhs[k] as number);
    rhs[i] = sum / (factor[i * 5] as number);
  }
  for (let i = 3; i >= 0; i--) {
    let sum = rhs[i] as number;
    for (let k = i + 1; k < 4; k++) sum -= (factor[k * 4 + i] as number) * (rhs[k] as number);
    rhs[i] = sum / (factor[i * 5] as number);
  }
}

/** Root mean square change that each cell makes to its own pixels; 0 where it has none. */
function cellChanges({ shape, sums }: GridMoments, grid: GradeGrid): Float32Array {
  return Float32Array.from({ length: cellCount(shape) }, (_, cell) => {
    const at = cell * MOMENTS;
    const count = sums[at + MOMENT_COUNT] as number;
    if (count <= 0) return 0;
    const base = cell * COEFFICIENTS;
    let energy = 0;
    for (let k = 0; k < 3; k++) {
      for (let i = 0; i < 4; i++) {
        for (let j = 0; j < 4; j++) {
          energy +=
            (grid.coefficients[base + i * 3 + k] as number) *
            (grid.coefficients[base + j * 3 + k] as number) *
            (sums[at + (PLACES[i]?.[j] as number)] as number);
        }
      }
    }
    return Math.sqrt(Math.max(0, energy) / count);
  });
}

/**
 * Sets cells to exactly zero that change their own pixels by less than a quantisation step,
 * so that what the edit left alone comes back bit-exact.
 * @param changes root mean square change of each cell, 1.0 = white
 */
export function shrinkSmallChanges(changes: Float32Array, { coefficients }: GradeGrid): void {
  for (const [cell, change] of changes.entries()) {
    const factor = smoothstep(SHRINK_LOW, SHRINK_HIGH, change);
    const base = cell * COEFFICIENTS;
    for (let k = base; k < base + COEFFICIENTS; k++) {
      coefficients[k] = factor * (coefficients[k] as number);
    }
  }
}
