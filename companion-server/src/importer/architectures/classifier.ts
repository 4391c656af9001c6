import { EMOTIONS } from '@emoeditor/shared';
import * as z from 'zod';
import type { GraphBuilder, Value } from '../../onnx/graph.ts';

const colours = z.tuple([z.number(), z.number(), z.number()]);
const positive = z.number().positive();

/** Config keys of every emotion predictor, whatever network it is. */
export const classifierKeys = {
  num_classes: z.literal(8),
  /** The picture is squash-resized to a square of this side in front of the graph. */
  input_size: z.int().positive(),
  mean: colours,
  std: z.tuple([positive, positive, positive]),
  /** Calibration: softmax(logits / temperature). */
  temperature: positive,
  class_order: z.array(z.string()).refine((names) => names.join() === EMOTIONS.join(), {
    error: `expected the order ${EMOTIONS.join(', ')}`,
  }),
};

export interface ColourScale {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** `image` in [0, 1] → (image − mean) / std, as the backbone was trained. */
export function normalisedColours(graph: GraphBuilder, { mean, std }: ColourScale): Value {
  const isIdentity = mean.every((value) => value === 0) && std.every((value) => value === 1);
  if (isIdentity) return 'image';
  const centred = graph.node('Sub', ['image', graph.floats(mean, [1, 3, 1, 1])]);
  return graph.node('Div', [centred, graph.floats(std, [1, 3, 1, 1])]);
}

/** logits [n, 8] → the output `probabilities` [n, 8]. */
export function calibratedShares(graph: GraphBuilder, logits: Value, temperature: number): void {
  const calibrated = graph.node('Div', [logits, graph.floats([temperature])]);
  graph.node('Softmax', [calibrated], { attributes: { axis: 1 }, as: 'probabilities' });
}
