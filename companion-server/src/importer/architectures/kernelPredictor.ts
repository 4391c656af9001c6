import * as z from 'zod';
import type { GraphBuilder, Value } from '../../onnx/graph.ts';
import { linear } from '../../onnx/layers.ts';
import type { WeightSource } from '../../onnx/weights.ts';
import { calibratedShares, classifierKeys } from './classifier.ts';
import { type Feature, liteBackbone, liteBackboneKeys } from './liteBackbone.ts';

/** Config of the predictor with a kernel head: training/predictor/network.py. */
export const kernelPredictorConfigSchema = z.object({
  _class_name: z.literal('KernelEmotionPredictor'),
  ...classifierKeys,
  ...liteBackboneKeys,
  /** Dimensions of the space in which the kernel compares pictures. */
  directions: z.int().positive(),
  /** Number of stored training pictures (support vectors). */
  support_rows: z.int().positive(),
  /** Regressed probabilities are clipped to at least this. */
  least_share: z.number().positive(),
});
export type KernelPredictorConfig = z.infer<typeof kernelPredictorConfigSchema>;

/** Valence and arousal. */
const RATINGS = 2;
const EMOTIONS = 8;

/**
 * Emotion predictor → graph `image [n, 3, S, S] in [0, 1] → probabilities [n, 8], ratings [n, 2]`, the latter valence
 * and arousal on the scale of OASIS, 1 to 7. Kernel ridge regression over pooled maps of EfficientNet-Lite, with the
 * Gaussian kernel exp(−|x − s|²) to each stored picture s.
 */
export function buildKernelPredictor(
  graph: GraphBuilder,
  config: KernelPredictorConfig,
  weights: WeightSource,
): void {
  graph.input('image', ['n', 3, config.input_size, config.input_size]);
  graph.output('probabilities', ['n', EMOTIONS]);
  graph.output('ratings', ['n', RATINGS]);
  const { at, top } = liteBackbone(graph, config, weights);
  const pooled = [
    mean(graph, top.value),
    ...[32, 16].flatMap((stride) => meanAndSpread(graph, at.get(stride) as Feature)),
  ];
  const [from16, from32] = [16, 32].map((stride) => (at.get(stride) as Feature).channels);
  const width = config.head_channels + 2 * ((from32 as number) + (from16 as number));
  const x = linear(graph, concat(graph, pooled), 'projection', [width, config.directions]);
  const regressed = linear(graph, nearness(graph, x, config), 'regression', [
    config.support_rows,
    RATINGS + EMOTIONS,
  ]);
  columns(graph, regressed, [0, RATINGS], 'ratings');
  const shares = columns(graph, regressed, [RATINGS, RATINGS + EMOTIONS]);
  const positive = graph.node('Max', [shares, graph.floats([config.least_share], [])]);
  const factors = graph.weight('log_factors', [EMOTIONS]);
  const logits = graph.node('Add', [graph.node('Log', [positive]), factors]);
  calibratedShares(graph, logits, config.temperature);
}

/** [n, c, h, w] → [n, c]. */
function mean(graph: GraphBuilder, maps: Value): Value {
  const axes = graph.integers([2, 3]);
  return graph.node('ReduceMean', [maps, axes], { attributes: { keepdims: 0 } });
}

/** Means and standard deviations of maps [n, c, h, w], [n, c] each. */
function meanAndSpread(graph: GraphBuilder, { value }: Feature): [Value, Value] {
  const middle = mean(graph, value);
  const squares = mean(graph, graph.node('Mul', [value, value]));
  const variance = graph.node('Sub', [squares, graph.node('Mul', [middle, middle])]);
  const positive = graph.node('Max', [variance, graph.floats([0], [])]);
  const shifted = graph.node('Add', [positive, graph.floats([1e-8], [])]);
  return [middle, graph.node('Sqrt', [shifted])];
}

/** x [n, k] → exp(−|x − s|²) [n, N] for the N stored pictures s. */
function nearness(graph: GraphBuilder, x: Value, config: KernelPredictorConfig): Value {
  const support = graph.weight('support', [config.support_rows, config.directions]);
  const square = (value: Value, keepdims: 0 | 1) =>
    graph.node('ReduceSumSquare', [value, graph.integers([1])], { attributes: { keepdims } });
  const columns = graph.node('Transpose', [support], { attributes: { perm: [1, 0] } });
  const product = graph.node('MatMul', [x, columns]);
  const twice = graph.node('Add', [product, product]);
  const apart = graph.node('Sub', [graph.node('Add', [square(x, 1), square(support, 0)]), twice]);
  const distance = graph.node('Max', [apart, graph.floats([0], [])]);
  return graph.node('Exp', [graph.node('Neg', [distance])]);
}

const concat = (graph: GraphBuilder, values: readonly Value[]): Value =>
  graph.node('Concat', values, { attributes: { axis: 1 } });

/** Columns from … to of [n, ·]. */
function columns(
  graph: GraphBuilder,
  x: Value,
  [from, to]: readonly [number, number],
  as?: string,
): Value {
  const [start, end, axis] = [from, to, 1].map((value) => graph.integers([value]));
  const inputs = [x, start as Value, end as Value, axis as Value];
  return graph.node('Slice', inputs, as === undefined ? {} : { as });
}
