import {
  combineValues,
  combineValuesChained,
  type SecondCombination,
  type Term,
} from './tensorKernel.ts';

/**
 * The sum of two or three lists of numbers by weight: what guidance is made of.
 * @throws RangeError when the lengths differ
 */
export function combine(first: Term, second: Term, third?: Term): Float32Array {
  expectOneLength(first, second, ...(third === undefined ? [] : [third]));
  return combineValues(first, second, third);
}

/**
 * The sum of two lists by weight, and a second sum that is made of it, of the first list and of one more: a scheduler's
 * estimate of the clean sample and its next sample, in one pass over memory.
 * @throws RangeError when the lengths differ
 */
export function combineChained(
  first: Term,
  second: Term,
  then: SecondCombination,
): readonly [result: Float32Array, next: Float32Array] {
  expectOneLength(first, second, then.other);
  return combineValuesChained(first, second, then);
}

function expectOneLength([, { length }]: Term, ...others: readonly Term[]): void {
  for (const [, { length: other }] of others) {
    if (other !== length) {
      throw new RangeError(`Expected ${length} values beside the first but received ${other}.`);
    }
  }
}
