import type { Guidance } from './guidance.ts';

/** The conditional prediction as it is: one evaluation a step, as EmoEditor's own code does. */
export const noGuidance: Guidance = {
  rows: (conditioning) => [conditioning],
  combine([noisePred]) {
    if (noisePred === undefined)
      throw new RangeError('Expected one noise prediction but received none.');
    return noisePred;
  },
};
