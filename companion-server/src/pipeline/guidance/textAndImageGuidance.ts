import { combine } from '../../tensor/combine.ts';
import { zeros } from '../../tensor/tensor.ts';
import { TOKEN_GUIDANCE } from './createGuidance.ts';
import type { Guidance, GuidanceScheme } from './guidance.ts';
import { noGuidance } from './noGuidance.ts';

/**
 * Classifier-free guidance over instruction and picture (Brooks et al. 2023, InstructPix2Pix, eq. 3):
 * none + imageScale · (picture − none) + textScale · (both − picture). `none` has neither the instruction nor the
 * picture, whose latents are zeros. All three are one batch, in the order of diffusers' pipeline.
 */
export function createTextAndImageGuidance(textScale: number, imageScale: number): Guidance {
  return {
    rows(both) {
      const nullTokens = both.nullTokens ?? zeros(both.tokens.dims);
      const picture = { ...both, tokens: nullTokens };
      const none = { ...picture, imageLatents: zeros(both.imageLatents.dims) };
      return [both, picture, none];
    },
    combine([both, picture, none]) {
      if (both === undefined || picture === undefined || none === undefined) {
        throw new RangeError('Expected three noise predictions but one is missing.');
      }
      return combine([1 - imageScale, none], [imageScale - textScale, picture], [textScale, both]);
    },
  };
}

/** Guidance over both, of one strength for the picture; where that is 1 the prediction without it cancels out. */
export function textAndImageScheme(imageScale: number): GuidanceScheme {
  if (imageScale === 1) return TOKEN_GUIDANCE;
  return {
    at: (scale) => (scale === 1 ? noGuidance : createTextAndImageGuidance(scale, imageScale)),
    evaluations: (scale) => (scale === 1 ? 1 : 3),
  };
}
