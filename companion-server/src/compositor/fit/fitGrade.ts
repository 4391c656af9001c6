import type { Extent } from '@emoeditor/shared';
import type { GradeGrid } from '../gradeGrid.ts';
import { lumaPlane, type Plane } from '../planes.ts';
import { alignEdit } from './alignEdit.ts';
import { fastestArithmetic } from './fastestArithmetic.ts';
import type { FitArithmetic } from './fitArithmetic.ts';
import type { GridShape } from './gridMoments.ts';

/** Working pixels per cell on each side. */
const CELL = 12;
/** Levels of luma. */
const DEPTH = 8;
/** Rounds of iteratively reweighted least squares. */
const ROUNDS = 3;
/** Residual (1.0 = white) at which a pixel has half the weight: larger ones are new content rather than grade. */
const ROBUST_SCALE = 0.06;
/** Variance of luma below which a neighbourhood is flat and its structure says nothing. */
const FLAT_VARIANCE = 4e-4;

export function gridShape({ width, height }: Extent): GridShape {
  return {
    width: Math.max(1, Math.round(width / CELL)),
    height: Math.max(1, Math.round(height / CELL)),
    depth: DEPTH,
  };
}

export interface GradeFit {
  readonly grid: GradeGrid;
  /** The edit on the source's geometry, planar RGB. */
  readonly aligned: Float32Array;
}

/** Fits the grid that explains `edit` from `source` (planar RGB, [0, 1]) wherever structure survived. */
export function fitGrade(
  source: Float32Array,
  edit: Float32Array,
  extent: Extent,
  arithmetic: FitArithmetic = fastestArithmetic(),
): GradeFit {
  const luma = lumaPlane(source);
  const shape = gridShape(extent);
  const structure = (picture: Float32Array) => structureWeights(luma, picture, extent, arithmetic);
  const solve = (picture: Float32Array, weights: Plane, isDraft: boolean) =>
    arithmetic.solveGrid({ source, edit: picture, luma, weights }, extent, shape, isDraft);
  let grid = solve(edit, structure(edit), true);
  let graded = arithmetic.slicePicture(grid, source, extent);
  const aligned = alignEdit(edit, arithmetic.bestShifts(graded, edit, extent), extent);
  const kept = structure(aligned);
  for (let round = 1; round < ROUNDS; round++) {
    if (round > 1) graded = arithmetic.slicePicture(grid, source, extent);
    const weights = robustWeights(kept, residualNorm(graded, aligned));
    grid = solve(aligned, weights, round < ROUNDS - 1);
  }
  return { grid, aligned };
}

/**
 * How much of the structure survived: the local correlation of luma before and after. A grade keeps structure, new
 * content does not. Never zero, so that a completely regenerated region gets its grade from its own pixels.
 */
function structureWeights(
  luma: Plane,
  edit: Float32Array,
  extent: Extent,
  arithmetic: FitArithmetic,
): Plane {
  const weights = arithmetic.correlation(luma, lumaPlane(edit), extent, 2, FLAT_VARIANCE);
  for (let i = 0; i < weights.length; i++) weights[i] = 0.02 + (weights[i] as number) ** 2;
  return weights;
}

/** The weights of Cauchy's M-estimator. */
function robustWeights(kept: Plane, residual: Plane): Plane {
  const weights = new Float32Array(kept.length);
  for (let i = 0; i < weights.length; i++) {
    const ratio = (residual[i] as number) / ROBUST_SCALE;
    weights[i] = (kept[i] as number) / (1 + ratio * ratio);
  }
  return weights;
}

/** Root mean square over the channels of edit − graded. */
export function residualNorm(graded: Float32Array, edit: Float32Array): Plane {
  const pixels = edit.length / 3;
  const norm = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const r = (edit[i] as number) - (graded[i] as number);
    const g = (edit[i + pixels] as number) - (graded[i + pixels] as number);
    const b = (edit[i + 2 * pixels] as number) - (graded[i + 2 * pixels] as number);
    norm[i] = Math.sqrt((r * r + g * g + b * b) / 3);
  }
  return norm;
}
