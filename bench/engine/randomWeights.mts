import type { Weight, WeightSource } from '@emoeditor/companion-server/onnx/weights.ts';

/**
 * Weights of any shape without a checkpoint: uniform noise that keeps every layer's output at about the size of its
 * input, ones for the scales and variances of norms. The same name always gets the same numbers.
 */
export const randomWeights: WeightSource = {
  take: (name, shape): Weight => ({ name, shape, read: async () => valuesOf(name, shape) }),
};

const POOL_LENGTH = 1 << 20;

const pool = (() => {
  let state = 12345;
  return Float32Array.from({ length: POOL_LENGTH }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  });
})();

function valuesOf(name: string, shape: readonly number[]): Float32Array {
  const length = shape.reduce((product, side) => product * side, 1);
  const values = new Float32Array(length);
  if (shape.length === 1) {
    if (/(norm.*weight|running_var)$/.test(name)) return values.fill(1);
    return values.map((_, i) => 0.01 * (pool[(i * 7919 + hashOf(name)) % POOL_LENGTH] as number));
  }
  // Uniform on [-1, 1] has variance 1/3.
  const scale = Math.sqrt(3 / (length / (shape[0] as number)));
  let from = hashOf(name) % POOL_LENGTH;
  for (let i = 0; i < length; ) {
    const run = Math.min(length - i, POOL_LENGTH - from);
    for (let k = 0; k < run; k++) values[i + k] = scale * (pool[from + k] as number);
    i += run;
    from = 0;
  }
  return values;
}

const hashOf = (name: string) =>
  Array.from(name).reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7);
