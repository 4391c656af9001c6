import { slicePicture } from '../gradeGrid.ts';
import { boxMean, dilate, gaussian, product } from '../planes.ts';
import { bestShifts } from './alignEdit.ts';
import type { FitArithmetic } from './fitArithmetic.ts';
import { collectMoments } from './gridMoments.ts';
import { solveGrid } from './solveGrid.ts';

/** Reference for tests of the vectorised kernel, and fallback where WebAssembly has no SIMD. */
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
