import type { Extent } from '@emoeditor/shared';
import { gaussianRgb, lumaPlane, type Plane, product, smoothstep } from '../planes.ts';
import type { FitArithmetic } from './fitArithmetic.ts';
import { residualNorm } from './fitGrade.ts';

/**
 * Residual (root mean square, 1.0 = white) at which the mask starts and is full: of the smooth part, and of all of it.
 * Deliberately high: weak residuals of a small model look like dirt once upscaled; intended content is far above this
 * threshold.
 */
const MASK_SMOOTH = [0.1, 0.22] as const;
const MASK_FINE = [0.16, 0.32] as const;
/** Thresholds relative to the noise floor, when that is higher: artefacts present everywhere are noise, not content. */
const MASK_SMOOTH_NOISE = 6;
const MASK_FINE_NOISE = 8;
/** Share of the local contrast that is subtracted: generated texture never matches pixel by pixel. */
const SMOOTH_FORGIVEN = 0.25;
const FINE_FORGIVEN = 0.5;
/** Working pixels by which the mask is dilated. */
const MASK_MARGIN = 5;

/**
 * Median residual = noise floor of the model. Every 7th pixel: fast, and not a multiple of the 8-pixel latent grid.
 * @param norm see {@link residualNorm}
 */
export function modelNoise(norm: Plane): number {
  const values = Float32Array.from(
    { length: Math.ceil(norm.length / 7) },
    (_, i) => norm[i * 7] as number,
  ).sort();
  return values[values.length >> 1] as number;
}

/**
 * 0..1 where the edit has content that no grade of the source explains.
 * @param norm what the grade leaves unexplained, see {@link residualNorm}
 * @param noise see {@link modelNoise}
 */
export function contentMask(
  source: Float32Array,
  edit: Float32Array,
  graded: Float32Array,
  norm: Plane,
  noise: number,
  extent: Extent,
  arithmetic: FitArithmetic,
): Plane {
  const smoothScale = Math.max(1, (MASK_SMOOTH_NOISE * noise) / MASK_SMOOTH[0]);
  const fineScale = Math.max(1, (MASK_FINE_NOISE * noise) / MASK_FINE[0]);
  const fine = arithmetic.gaussian(product(norm, norm), extent, 1.5);
  const smooth = residualNorm(
    gaussianRgb(graded, extent, 2, arithmetic),
    gaussianRgb(edit, extent, 2, arithmetic),
  );
  const luma = lumaPlane(source);
  const mean = arithmetic.boxMean(luma, extent, 2);
  const square = arithmetic.boxMean(product(luma, luma), extent, 2);
  const mask = new Float32Array(norm.length);
  for (let i = 0; i < mask.length; i++) {
    const m = mean[i] as number;
    const contrast = Math.sqrt(Math.max(0, (square[i] as number) - m * m));
    mask[i] = Math.max(
      smoothstep(
        ...MASK_SMOOTH,
        ((smooth[i] as number) - SMOOTH_FORGIVEN * contrast) / smoothScale,
      ),
      smoothstep(
        ...MASK_FINE,
        (Math.sqrt(fine[i] as number) - FINE_FORGIVEN * contrast) / fineScale,
      ),
    );
  }
  // Wider than the residual, whose own shape makes the edge; the mask only keeps noise out elsewhere.
  return arithmetic.gaussian(arithmetic.dilate(mask, extent, MASK_MARGIN), extent, 1);
}
