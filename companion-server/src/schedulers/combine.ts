import { combineValues } from '../tensor/tensorKernel.ts';

/** a·x + b·y. @throws RangeError when the lengths differ */
export function combine(a: number, x: Float32Array, b: number, y: Float32Array): Float32Array {
  if (x.length !== y.length) {
    throw new RangeError(`Expected ${x.length} values beside the sample but received ${y.length}.`);
  }
  return combineValues(a, x, b, y);
}
