import type { Extent } from '@emoeditor/shared';
import { type GradeGrid, slicePicture } from '../gradeGrid.ts';
import { boxMean, dilate, gaussian, type Plane, product } from '../planes.ts';
import { bestShifts } from './alignEdit.ts';
import { createFitKernel, hasFitKernel } from './fitKernel.ts';
import { collectMoments, type GridShape } from './gridMoments.ts';
import { solveGrid } from './solveGrid.ts';

/** A pair of planar RGB pictures [3, H, W] in [0, 1] with the guide of the first and the weight of every pixel. */
export interface WeightedPair {
  readonly source: Float32Array;
  readonly edit: Float32Array;
  readonly luma: Plane;
  readonly weights: Plane;
}

/** The inner loops of the fit at working size: plainly in TypeScript, or vectorised. */
export interface FitArithmetic {
  /** Gaussian blur; the border repeats. */
  gaussian(plane: Plane, extent: Extent, sigma: number): Plane;
  /** Mean over a square window, cut off at the border. */
  boxMean(plane: Plane, extent: Extent, radius: number): Plane;
  /** Greatest value in a square window, of a plane without negative values. */
  dilate(plane: Plane, extent: Extent, radius: number): Plane;
  /** Correlation of two planes around every pixel, 0..1; `flat` is added to variances and covariance. */
  correlation(a: Plane, b: Plane, extent: Extent, sigma: number, flat: number): Plane;
  /** See `alignEdit.ts`. */
  bestShifts(graded: Float32Array, edit: Float32Array, extent: Extent): Int32Array;
  /** The grid that explains the edit from the source by weighted least squares; see `solveGrid.ts`. */
  solveGrid(pair: WeightedPair, extent: Extent, shape: GridShape, isDraft?: boolean): GradeGrid;
  /** What the grid makes of a planar RGB picture. */
  slicePicture(grid: GradeGrid, rgb: Float32Array, extent: Extent): Float32Array;
}

/** The oracle of the vectorised kernel's tests, and what runs where WebAssembly has no SIMD. */
export const plainArithmetic: FitArithmetic = {
  gaussian,
  boxMean,
  dilate,
  bestShifts,
  slicePicture,
  solveGrid: ({ source, edit, luma, weights }, extent, shape, isDraft) =>
    solveGrid(collectMoments(source, edit, luma, weights, extent, shape), isDraft),
  correlation(a, b, extent, sigma, flat) {
    const meanA = gaussian(a, extent, sigma);
    const meanB = gaussian(b, extent, sigma);
    const squareA = gaussian(product(a, a), extent, sigma);
    const squareB = gaussian(product(b, b), extent, sigma);
    const cross = gaussian(product(a, b), extent, sigma);
    return cross.map((mean, i) => {
      const x = meanA[i] as number;
      const y = meanB[i] as number;
      const varianceA = Math.max(0, (squareA[i] as number) - x * x);
      const varianceB = Math.max(0, (squareB[i] as number) - y * y);
      const scale = Math.sqrt((varianceA + flat) * (varianceB + flat));
      return Math.min(1, Math.max(0, (mean - x * y + flat) / scale));
    });
  },
};

let fastest: FitArithmetic | undefined;

/** The fastest that this machine has. */
export function fitArithmetic(): FitArithmetic {
  fastest ??= hasFitKernel() ? createFitKernel() : plainArithmetic;
  return fastest;
}
