import * as z from 'zod';
import type { GraphBuilder, Value } from '../../onnx/graph.ts';
import { add, linear } from '../../onnx/layers.ts';
import type { WeightSource } from '../../onnx/weights.ts';
import { type Feature, liteBackboneKeys, liteMaps } from './liteBackbone.ts';

const colours = z.tuple([z.number(), z.number(), z.number()]);

/** Config of the scene maps: training/scene_maps/export.py. */
export const sceneDecoderConfigSchema = z.object({
  _class_name: z.literal('SceneDecoder'),
  ...liteBackboneKeys,
  input_size: z.int().multipleOf(32),
  mean: colours,
  std: colours,
  /** How many classes each place is divided among. */
  classes: z.int().positive(),
  width: z.int().multipleOf(4),
  fine_width: z.int().multipleOf(4),
});
export type SceneDecoderConfig = z.infer<typeof sceneDecoderConfigSchema>;

/** Groups of the kernels at strides 8 and 4. */
const GROUPS = 4;

/**
 * Scene maps → graph `image [n, 3, S, S] in [0, 1] → shares [n, classes, S/4, S/4]`, which sum to 1 at each place.
 * A decoder over the maps of EfficientNet-Lite at strides 32 to 4: training/scene_maps/decoder.py.
 */
export function buildSceneDecoder(
  graph: GraphBuilder,
  config: SceneDecoderConfig,
  weights: WeightSource,
): void {
  const { input_size: side, classes, width, fine_width: fine } = config;
  graph.input('image', ['n', 3, side, side]);
  graph.output('shares', ['n', classes, side / 4, side / 4]);
  const at = liteMaps(graph, config, weights);
  const take = (stride: number, channels: number) => {
    const feature = at.get(stride) as Feature;
    const from = { value: feature.value, channels: feature.channels };
    return conv(graph, from, `decoder.take${stride}`, channels);
  };
  const mixed = (x: Wide, name: string, groups = 1): Wide => {
    const change = relu(graph, conv(graph, x, name, x.channels, { kernel: 3, groups }).value);
    return { ...x, value: add(graph, x.value, change) };
  };
  const joined = (from: Wide, taken: Wide): Wide => ({
    channels: from.channels,
    value: relu(graph, add(graph, twice(graph, from.value), taken.value)),
  });
  const coarse = at.get(32) as Feature;
  const known = add(graph, context(graph, coarse, width), heights(graph, coarse.side, width));
  const first = relu(graph, add(graph, take(32, width).value, known));
  let x = mixed({ value: first, channels: width }, 'decoder.mix32');
  x = mixed(joined(x, take(16, width)), 'decoder.mix16');
  x = mixed(joined(x, take(8, width)), 'decoder.mix8', GROUPS);
  // A kernel of one pixel before or after the enlargement is the same, and before it has a quarter of the pixels.
  x = joined(conv(graph, x, 'decoder.narrow', fine), take(4, fine));
  x = mixed(x, 'decoder.mix4', GROUPS);
  const logits = conv(graph, x, 'decoder.last', classes);
  graph.node('Softmax', [logits.value], { attributes: { axis: 1 }, as: 'shares' });
}

interface Wide {
  readonly value: Value;
  readonly channels: number;
}

function conv(
  graph: GraphBuilder,
  { value, channels }: Wide,
  name: string,
  cOut: number,
  { kernel = 1, groups = 1 } = {},
): Wide {
  const weight = graph.weight(`${name}.weight`, [cOut, channels / groups, kernel, kernel]);
  const made = graph.node('Conv', [value, weight, graph.weight(`${name}.bias`, [cOut])], {
    attributes: {
      kernel_shape: [kernel, kernel],
      pads: Array(4).fill(kernel >> 1),
      group: groups,
    },
  });
  return { value: made, channels: cOut };
}

const relu = (graph: GraphBuilder, x: Value): Value => graph.node('Relu', [x]);

/** [n, c, h, w] → [n, c, 2h, 2w], bilinear. */
const twice = (graph: GraphBuilder, x: Value): Value =>
  graph.node('Resize', [x, '', graph.floats([1, 1, 2, 2], [4], 'float32')], {
    attributes: { mode: 'linear', coordinate_transformation_mode: 'half_pixel' },
  });

/** What the whole picture shows, [n, width, 1, 1]. */
function context(graph: GraphBuilder, { value, channels }: Feature, width: number): Value {
  const pooled = graph.node('GlobalAveragePool', [value]);
  const flat = graph.node('Reshape', [pooled, graph.integers([0, channels])]);
  const context = linear(graph, flat, 'decoder.context', [channels, width]);
  return graph.node('Reshape', [context, graph.integers([0, width, 1, 1])]);
}

/** A line and a parabola over the height, −1 at the top and 1 at the bottom, per channel: [1, width, side, 1]. */
function heights(graph: GraphBuilder, side: number, width: number): Value {
  const rows = Array.from({ length: side }, (_, i) => (2 * i) / (side - 1) - 1);
  const powers = graph.floats([...rows, ...rows.map((row) => row * row)], [2, side]);
  const placed = graph.node('MatMul', [graph.weight('decoder.rows', [width, 2]), powers]);
  return graph.node('Reshape', [placed, graph.integers([1, width, side, 1])]);
}
