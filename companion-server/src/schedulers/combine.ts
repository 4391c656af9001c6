/** a·x + b·y. @throws RangeError when the lengths differ */
export function combine(a: number, x: Float32Array, b: number, y: Float32Array): Float32Array {
  if (x.length !== y.length) {
    throw new RangeError(`Expected ${x.length} values beside the sample but received ${y.length}.`);
  }
  const out = new Float32Array(x.length);
  for (let i = 0; i < out.length; i++) out[i] = a * (x[i] as number) + b * (y[i] as number);
  return out;
}
