import { resizeBilinear } from '../tensor/resizeBilinear.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Resizes pictures [n, c, h, w] to a square without regard to aspect: what the predictor was trained behind. */
export const squashResize = (pictures: Tensor, side: number): Tensor =>
  resizeBilinear(pictures, side, side);
