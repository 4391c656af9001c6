import { combineValues, type Term } from './tensorKernel.ts';

/**
 * The sum of two or three lists of numbers by weight: what guidance and the steps of schedulers are made of.
 * @throws RangeError when the lengths differ
 */
export function combine(first: Term, second: Term, third?: Term): Float32Array {
  const { length } = first[1];
  for (const [, { length: other }] of third === undefined ? [second] : [second, third]) {
    if (other !== length) {
      throw new RangeError(`Expected ${length} values beside the first but received ${other}.`);
    }
  }
  return combineValues(first, second, third);
}
