import {
  combineValues,
  combineValuesChained,
  type SecondCombination,
  type Term,
} from './tensorKernel.ts';

/**
 * Linear combination of two or three arrays, as guidance computes it.
 * @throws RangeError when the lengths differ
 */
export function combine(first: Term, second: Term, third?: Term): Float32Array {
  expectOneLength(first, second, ...(third === undefined ? [] : [third]));
  return combineValues(first, second, third);
}

/**
 * Two linear combinations in one loop over memory, the second of which uses the first. For a scheduler:
 * x0 = first + second, then prevSample = sampleWeight · sample + resultWeight · x0 + other.
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
