import type { Extent } from '@emoeditor/shared';
import { alignEdit } from './alignEdit.ts';
import { type GradeGrid, slicePicture } from './gradeGrid.ts';
import { collectMoments, type GridShape } from './gridMoments.ts';
import { combine, gaussian, lumaPlane, type Plane } from './planes.ts';
import { solveGrid } from './solveGrid.ts';

/** Working pixels per cell on each side. */
const CELL = 12;
/** Levels of luma. */
const DEPTH = 8;
/** Passes of iteratively reweighted least squares. */
const PASSES = 3;
/** Residual (1.0 = white) at which a pixel counts half: more is new content rather than grade. */
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

/**
 * How far structure survived around every pixel, 0..1: the local correlation of luma before and after.
 * A grade keeps structure, new content does not. Flat before and after counts as kept.
 */
export function structureKept(
  before: Plane,
  after: Plane,
  extent: Extent,
  sigma: number,
  flatVariance: number,
): Plane {
  const product = (a: number, b: number) => a * b;
  const meanBefore = gaussian(before, extent, sigma);
  const meanAfter = gaussian(after, extent, sigma);
  const squareBefore = gaussian(combine(before, before, product), extent, sigma);
  const squareAfter = gaussian(combine(after, after, product), extent, sigma);
  const cross = gaussian(combine(before, after, product), extent, sigma);
  const out = new Float32Array(before.length);
  for (let i = 0; i < out.length; i++) {
    const b = meanBefore[i] as number;
    const a = meanAfter[i] as number;
    const varianceBefore = Math.max(0, (squareBefore[i] as number) - b * b);
    const varianceAfter = Math.max(0, (squareAfter[i] as number) - a * a);
    const covariance = (cross[i] as number) - a * b;
    const correlation =
      (covariance + flatVariance) /
      Math.sqrt((varianceBefore + flatVariance) * (varianceAfter + flatVariance));
    out[i] = Math.min(1, Math.max(0, correlation));
  }
  return out;
}

export interface GradeFit {
  readonly grid: GradeGrid;
  /** The edit on the source's geometry, planar RGB. */
  readonly aligned: Float32Array;
}

/** Fits the grid that explains `edit` from `source` (planar RGB, [0, 1]) wherever structure survived. */
export function fitGrade(source: Float32Array, edit: Float32Array, extent: Extent): GradeFit {
  const luma = lumaPlane(source);
  const shape = gridShape(extent);
  let aligned = edit;
  let weights = structureWeights(luma, aligned, extent);
  let grid = solveGrid(collectMoments(source, aligned, luma, weights, extent, shape));
  for (let pass = 1; pass < PASSES; pass++) {
    const graded = slicePicture(grid, source, extent);
    if (pass === 1) aligned = alignEdit(graded, edit, extent);
    const residual = residualNorm(graded, aligned);
    weights = combine(structureWeights(luma, aligned, extent), residual, (kept, norm) => {
      const ratio = norm / ROBUST_SCALE;
      return kept / (1 + ratio * ratio);
    });
    grid = solveGrid(collectMoments(source, aligned, luma, weights, extent, shape));
  }
  return { grid, aligned };
}

/** Never zero: a wholly rebuilt region still takes its grade from its own pixels, not from far away. */
function structureWeights(luma: Plane, edit: Float32Array, extent: Extent): Plane {
  const kept = structureKept(luma, lumaPlane(edit), extent, 2, FLAT_VARIANCE);
  return kept.map((value) => 0.02 + value * value);
}

/** Root mean square over the channels of edit − graded. */
export function residualNorm(graded: Float32Array, edit: Float32Array): Plane {
  const pixels = edit.length / 3;
  const norm = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++) {
    let sum = 0;
    for (let at = i; at < edit.length; at += pixels) {
      const d = (edit[at] as number) - (graded[at] as number);
      sum += d * d;
    }
    norm[i] = Math.sqrt(sum / 3);
  }
  return norm;
}
