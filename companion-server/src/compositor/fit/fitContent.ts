import type { Extent } from '@emoeditor/shared';
import {
  channelPlanes,
  gaussianRgb,
  guidedCoefficients,
  lumaPlane,
  type Plane,
  product,
  smoothstep,
} from '../planes.ts';
import { contentMask, modelNoise } from './contentMask.ts';
import { fastestArithmetic } from './fastestArithmetic.ts';
import type { FitArithmetic } from './fitArithmetic.ts';
import { residualNorm } from './fitGrade.ts';

/** Content that the grade cannot explain, as maps at working size that are evaluated per full-resolution pixel. */
export interface ContentMaps {
  /**
   * [H][W][12]: residual base r g b, lost structure (1 − w), residual slope r g b, mask slope, graded source r g b,
   * mask offset: three vectors of four for the kernel. A slope is multiplied with the luma of the full-resolution pixel itself, which is how residual and
   * mask follow edges that the working size has lost.
   */
  readonly maps: Float32Array;
  /** [H][W], 1 where the mask can be above zero between this map sample and the next ones. */
  readonly reach: Uint8Array;
}

export const MAPS = 12;
export const MAP_SLOPE = 4;
export const MAP_GRADED = 8;
export const MAP_LOST = 3;
export const MAP_MASK_SLOPE = 7;
export const MAP_MASK_OFFSET = 11;

/** Multiple of the noise floor at which generated detail is weighted by half. */
const DETAIL_NOISE = 4;
/** Mask values below this become exactly zero, which removes the filter's long faint tail. */
export const MASK_FLOOR = 0.08;
/** Standard deviation of the cubic B-spline's samples (1 4 1)/6, and how much of its blur is undone. */
const SPLINE_SIGMA = 0.58;
const SHARPEN = 0.8;
/** Working pixels by which the smooth part of the content reaches beyond the mask, and how softly it ends. */
const FADE_MARGIN = 5;
const FADE_SIGMA = 3;
/** Standard deviation, in working pixels, of the blur that separates the smooth from the fine band. */
const BAND_SIGMA = 2;
/** Mask value from which on detail is taken completely. */
const FINE_FULL = 0.6;
const MASK_RADIUS = 3;
const MASK_EPSILON = 4e-3;
const SLOPE_RADIUS = 2;
const SLOPE_EPSILON = 1e-3;
/** Variance of luma below which structure may be noise of the VAE. */
const FLAT_VARIANCE = 1.5e-4;
/** Correlation of structure below which the photograph's detail is dropped, above which it is kept. */
const KEPT_LOW = 0.35;
const KEPT_HIGH = 0.85;

/**
 * @param proxy the source at working size before the VAE, planar RGB: the guide of the mask
 * @param generated the edit as it came
 * @param aligned the edit on the source's geometry: what differs from it is new content, not drift
 * @param explained what the grade that explains the edit best makes of `source`: what differs from it is content
 * @param graded what the grade that is applied makes of `source`
 * @returns null when the grade explains the edit everywhere
 */
export function fitContent(
  proxy: Float32Array,
  source: Float32Array,
  generated: Float32Array,
  aligned: Float32Array,
  explained: Float32Array,
  graded: Float32Array,
  extent: Extent,
  arithmetic: FitArithmetic = fastestArithmetic(),
): ContentMaps | null {
  const unexplained = residualNorm(explained, aligned);
  const noise = modelNoise(unexplained);
  const mask = contentMask(source, aligned, explained, unexplained, noise, extent, arithmetic);
  if (mask.every((value) => value <= MASK_FLOOR)) return null;
  // Alignment damages the border of new content, so inside the mask the unaligned edit is used.
  const edit = mixed(aligned, generated, mask);
  const luma = lumaPlane(proxy);
  const kept = arithmetic.correlation(
    lumaPlane(source),
    lumaPlane(edit),
    extent,
    1.5,
    FLAT_VARIANCE,
  );
  const share = arithmetic.gaussian(
    kept.map((value) => 1 - smoothstep(KEPT_LOW, KEPT_HIGH, value)),
    extent,
    1,
  );
  // Two bands (Burt & Adelson 1983): detail ends with the mask, the smooth band fades out beyond it.
  const inside = mask.map((value) => smoothstep(0, FINE_FULL, value));
  const lost = product(share, inside);
  const wide = arithmetic.gaussian(
    arithmetic.dilate(mask, extent, FADE_MARGIN),
    extent,
    FADE_SIGMA,
  );
  const residual = usableResidual(explained, edit, luma, share, inside, noise, extent, arithmetic);
  const gradedSharp = sharpened(graded, extent, arithmetic);
  const guide = guidedCoefficients(luma, wide, extent, MASK_RADIUS, MASK_EPSILON, arithmetic);
  const pixels = extent.width * extent.height;
  const maps = new Float32Array(pixels * MAPS);
  for (let i = 0; i < pixels; i++) {
    for (let k = 0; k < 3; k++) {
      maps[i * MAPS + k] = residual.base[k * pixels + i] as number;
      maps[i * MAPS + MAP_SLOPE + k] = residual.slope[k * pixels + i] as number;
      maps[i * MAPS + MAP_GRADED + k] = gradedSharp[k * pixels + i] as number;
    }
    maps[i * MAPS + MAP_LOST] = lost[i] as number;
    maps[i * MAPS + MAP_MASK_SLOPE] = guide.slope[i] as number;
    maps[i * MAPS + MAP_MASK_OFFSET] = guide.offset[i] as number;
  }
  return { maps, reach: maskReach(guide.slope, guide.offset, extent, arithmetic) };
}

/** Linear interpolation from `a` to `b` by a weight per pixel. */
function mixed(a: Float32Array, b: Float32Array, share: Plane): Float32Array {
  const out = new Float32Array(a.length);
  for (let k = 0; k < 3; k++) {
    for (let i = 0; i < share.length; i++) {
      const at = k * share.length + i;
      const from = a[at] as number;
      out[at] = from + (share[i] as number) * ((b[at] as number) - from);
    }
  }
  return out;
}

/**
 * The residual as base + slope · luma. The slope is the guided filter's, so a residual that stops at an edge of the
 * photograph (a new sky behind a roof) stops at the sharp edge; the base is the rest, so that at working size the sum
 * equals the residual.
 * Where the source's structure survived, only the smooth part of the base is used: its fine part is the same texture a
 * pixel off, and adding it would show as a ghost. Where structure was lost all of it is used.
 * @param inside 0..1 where detail is used; elsewhere only the smooth part of the residual
 * @param noise noise floor of the model: weaker detail is left out
 */
function usableResidual(
  graded: Float32Array,
  edit: Float32Array,
  luma: Plane,
  lost: Plane,
  inside: Plane,
  noise: number,
  extent: Extent,
  arithmetic: FitArithmetic,
): { base: Float32Array; slope: Float32Array } {
  const pixels = lost.length;
  const residual = edit.slice();
  for (let i = 0; i < residual.length; i++) {
    residual[i] = (edit[i] as number) - (graded[i] as number);
  }
  const smoothed = gaussianRgb(residual, extent, BAND_SIGMA, arithmetic);
  const meant = meantDetail(residualNorm(smoothed, residual), noise, extent, arithmetic);
  const base = new Float32Array(residual.length);
  const slope = new Float32Array(residual.length);
  for (const [k, plane] of channelPlanes(residual).entries()) {
    const guided = guidedCoefficients(luma, plane, extent, SLOPE_RADIUS, SLOPE_EPSILON, arithmetic);
    const low = smoothed.subarray(k * pixels, (k + 1) * pixels);
    for (let i = 0; i < pixels; i++) {
      const detail = inside[i] as number;
      const share = lost[i] as number;
      const follow = detail * (1 - share) * (guided.slope[i] as number);
      const smooth =
        (guided.slope[i] as number) * (luma[i] as number) + (guided.offset[i] as number);
      const painted =
        (low[i] as number) + (meant[i] as number) * ((plane[i] as number) - (low[i] as number));
      const fine = share * painted + (1 - share) * smooth;
      const wanted = (low[i] as number) + detail * (fine - (low[i] as number));
      slope[k * pixels + i] = follow;
      base[k * pixels + i] = wanted - follow * (luma[i] as number);
    }
  }
  return { base: sharpened(base, extent, arithmetic), slope };
}

/** Wiener filter of the detail against the noise floor: near 1 for an isolated edge, low for a periodic pattern. */
function meantDetail(
  detail: Plane,
  noise: number,
  extent: Extent,
  arithmetic: FitArithmetic,
): Plane {
  const energy = arithmetic.gaussian(product(detail, detail), extent, BAND_SIGMA);
  const floor = (DETAIL_NOISE * noise) ** 2 + Number.EPSILON;
  return energy.map((value) => value / (value + floor));
}

/**
 * The maps are read through a cubic B-spline, which never overshoots but blurs; colour is sharpened against
 * that beforehand. Short of the full inverse, which would ring like Lanczos.
 */
function sharpened(rgb: Float32Array, extent: Extent, arithmetic: FitArithmetic): Float32Array {
  const out = new Float32Array(rgb.length);
  for (const [k, plane] of channelPlanes(rgb).entries()) {
    const blurred = arithmetic.gaussian(plane, extent, SPLINE_SIGMA);
    const target = out.subarray(k * plane.length, (k + 1) * plane.length);
    for (let i = 0; i < plane.length; i++) {
      const value = plane[i] as number;
      target[i] = value + SHARPEN * (value - (blurred[i] as number));
    }
  }
  return out;
}

/** Where the four samples around a position can lift slope·luma + offset above the floor for some luma in [0, 1]. */
function maskReach(
  slope: Plane,
  offset: Plane,
  extent: Extent,
  arithmetic: FitArithmetic,
): Uint8Array {
  const possible = new Float32Array(slope.length);
  for (let i = 0; i < slope.length; i++) {
    const black = offset[i] as number;
    const white = black + (slope[i] as number);
    possible[i] = Math.max(black, white) > MASK_FLOOR ? 1 : 0;
  }
  // A cubic spline reaches two samples to either side.
  return Uint8Array.from(arithmetic.dilate(possible, extent, 3));
}
