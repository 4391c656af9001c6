import * as z from 'zod';
import type { GraphBuilder } from '../../onnx/graph.ts';
import { linear } from '../../onnx/layers.ts';
import type { WeightSource } from '../../onnx/weights.ts';
import { calibratedShares, classifierKeys } from './classifier.ts';
import { liteBackbone, liteBackboneKeys } from './liteBackbone.ts';

/** Config of the emotion predictor with one linear layer: training/emoeditor/models/predictor.py. */
export const efficientNetLiteConfigSchema = z.object({
  _class_name: z.literal('EmotionPredictor'),
  ...classifierKeys,
  ...liteBackboneKeys,
});
export type EfficientNetLiteConfig = z.infer<typeof efficientNetLiteConfigSchema>;

/** Emotion predictor → graph `image [n, 3, S, S] in [0, 1] → probabilities [n, 8]`, calibration included. */
export function buildEfficientNetLite(
  graph: GraphBuilder,
  config: EfficientNetLiteConfig,
  weights: WeightSource,
): void {
  graph.input('image', ['n', 3, config.input_size, config.input_size]);
  graph.output('probabilities', ['n', 8]);
  const { top } = liteBackbone(graph, config, weights);
  const pooled = graph.node('GlobalAveragePool', [top.value]);
  const flat = graph.node('Reshape', [pooled, graph.integers([0, config.head_channels])]);
  const logits = linear(graph, flat, '_fc', [config.head_channels, 8]);
  calibratedShares(graph, logits, config.temperature);
}
