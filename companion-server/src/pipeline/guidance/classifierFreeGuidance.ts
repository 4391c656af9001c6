import { combine } from '../../tensor/combine.ts';
import { zeros } from '../../tensor/tensor.ts';
import type { Guidance } from './guidance.ts';

/**
 * null + scale · (conditional − null) (Ho & Salimans 2022) over the emotion tokens; both have the picture's latents.
 * The null tokens are zeros by default, as in our training's conditioning dropout.
 */
export function createClassifierFreeGuidance(scale: number): Guidance {
  return {
    rows: (conditioning) => [
      conditioning,
      { ...conditioning, tokens: conditioning.nullTokens ?? zeros(conditioning.tokens.dims) },
    ],
    combine([conditional, unconditional]) {
      if (conditional === undefined || unconditional === undefined) {
        throw new RangeError(
          'Expected a conditional and a null noise prediction but one is missing.',
        );
      }
      return combine([scale, conditional], [1 - scale, unconditional]);
    },
  };
}
