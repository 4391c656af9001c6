import type { Extent } from '@emoeditor/shared';
import type { GradeGrid } from '../gradeGrid.ts';
import type { Plane, PlaneFilters } from '../planes.ts';
import type { GridShape } from './gridMoments.ts';

/** A pair of planar RGB pictures [3, H, W] in [0, 1] with the guide of the first and the weight of every pixel. */
export interface WeightedPair {
  readonly source: Float32Array;
  readonly edit: Float32Array;
  readonly luma: Plane;
  readonly weights: Plane;
}

/** The inner loops of the fit at working size, implemented in plain TypeScript and as a vectorised kernel. */
export interface FitArithmetic extends PlaneFilters {
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
