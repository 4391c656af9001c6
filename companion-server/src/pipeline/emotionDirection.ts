import type { EmotionVector } from '@emoeditor/shared';
import { rowOf } from '../tensor/ops.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import type { EmotionEncoder } from './modelPorts.ts';

/** Emotion direction: target distribution − the picture's own, 8 numbers in [−1, 1]. */
export function emotionDirection(
  target: EmotionVector,
  distribution: EmotionVector,
): EmotionVector {
  return target.map((wanted, i) => wanted - (distribution[i] ?? 0));
}

/** Global branch: one set of tokens [1, length, dim] per direction, all encoded in one batch. */
export async function encodeDirections(
  encoder: EmotionEncoder,
  directions: readonly EmotionVector[],
): Promise<Tensor[]> {
  const width = directions[0]?.length ?? 0;
  const batch = tensor(Float32Array.from(directions.flat()), [directions.length, width]);
  const tokens = await encoder.encode(batch);
  return directions.map((_, index) => rowOf(tokens, index));
}
