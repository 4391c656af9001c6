import * as z from 'zod';
import type { GraphBuilder, Value } from '../../onnx/graph.ts';
import { linear } from '../../onnx/layers.ts';
import { fixedKeys } from './fixedKeys.ts';

/** Config of the emotion encoder: training/emoeditor/models/emotion_encoder.py. */
export const emotionEncoderConfigSchema = z.object({
  _class_name: z.literal('EmotionEncoder'),
  input_dim: z.literal(8).default(8),
  hidden_dims: z.array(z.int().positive()),
  num_tokens: z.int().positive(),
  token_dim: z.int().positive(),
  ...fixedKeys({ act_fn: 'relu' }),
});
export type EmotionEncoderConfig = z.infer<typeof emotionEncoderConfigSchema>;

/** MLP with ReLU between its layers → graph `directions [n, 8] → tokens [n, length, dim]`. Layers: fc.0, fc.2, fc.4 … */
export function buildEmotionEncoder(graph: GraphBuilder, config: EmotionEncoderConfig): void {
  const widths = [8, ...config.hidden_dims, config.num_tokens * config.token_dim];
  graph.input('directions', ['n', 8]);
  graph.output('tokens', ['n', config.num_tokens, config.token_dim]);
  let x: Value = 'directions';
  for (let layer = 0; layer < widths.length - 1; layer++) {
    if (layer > 0) x = graph.node('Relu', [x]);
    const shape = [widths[layer] as number, widths[layer + 1] as number] as const;
    x = linear(graph, x, `fc.${layer * 2}`, shape);
  }
  const shape = graph.integers([-1, config.num_tokens, config.token_dim]);
  graph.node('Reshape', [x, shape], { as: 'tokens' });
}
