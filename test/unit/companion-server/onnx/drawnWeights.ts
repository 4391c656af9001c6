import type { WeightSource } from '@emoeditor/companion-server/onnx/weights.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';

/** Numbers in [-1, 1) that any machine draws alike. */
export function drawn(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  });
}

const sizeOf = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1);

/** An input of any shape. */
export const picture = (dims: readonly number[]): Tensor =>
  tensor(drawn(sizeOf(dims), 99), [...dims]);

/** Weights of every name and shape, the same each time. */
export const weights: WeightSource = {
  take: (name, shape) => ({
    name,
    shape,
    read: () => Promise.resolve(drawn(sizeOf(shape), name.length)),
  }),
};
