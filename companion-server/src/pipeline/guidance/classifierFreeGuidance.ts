import { combine } from '../../tensor/combine.ts';
import { zeros } from '../../tensor/tensor.ts';
import type { Guidance } from './guidance.ts';

/**
 * null + scale · (conditional − null) (Ho & Salimans 2022) over the emotion tokens, the picture's latents kept in both.
 * The null tokens are zeros where nothing else is given, which is what our training drops conditioning to.
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
