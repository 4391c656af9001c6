import { EMOTIONS } from '@emoeditor/shared';
import * as z from 'zod';
import type { GraphBuilder, Value } from '../../onnx/graph.ts';
import { add, linear } from '../../onnx/layers.ts';
import type { WeightSource } from '../../onnx/weights.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { ImportError } from '../importError.ts';
import { calibratedShares, classifierKeys, normalisedColours } from './classifier.ts';
import { fixedKeys } from './fixedKeys.ts';
import { foldNorm } from './foldNorm.ts';

/** Config of a torchvision ResNet as emotion predictor; the keys are ours, torchvision writes none. */
export const resnetConfigSchema = z.object({
  _class_name: z.literal('ResNet'),
  ...classifierKeys,
  /** `basic`: two 3×3 convolutions (ResNet-18, -34); `bottleneck`: 1×1, 3×3, 1×1 (ResNet-50 and deeper). */
  block: z.enum(['basic', 'bottleneck']),
  /** Blocks per stage. */
  layers: z.array(z.int().positive()).length(4),
  /** Channels of the stem and of the first stage; each further stage has twice as many. */
  width: z.int().positive(),
  ...fixedKeys({ act_fn: 'relu', groups: 1, bn_eps: 1e-5 }),
});
export type ResnetConfig = z.infer<typeof resnetConfigSchema>;

/** PyTorch's default; torchvision never sets another. */
const BN_EPS = 1e-5;
const EXPANSION = { basic: 1, bottleneck: 4 } as const;

interface Unit {
  readonly name: string;
  readonly norm: string;
  readonly cIn: number;
  readonly cOut: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly relu?: boolean;
}

type WriteUnit = (x: Value, unit: Unit) => Value;

/**
 * ResNet-18/34/50 → graph `image [n, 3, S, S] in [0, 1] → probabilities [n, 8]`, calibration included.
 * Batch norms are folded into the convolutions. Keys: torchvision's, whose bottlenecks stride in their 3×3 (“v1.5”).
 */
export function buildResnet(
  graph: GraphBuilder,
  config: ResnetConfig,
  weights: WeightSource,
): void {
  const { width, layers, block: kind } = config;
  graph.input('image', ['n', 3, config.input_size, config.input_size]);
  graph.output('probabilities', ['n', 8]);
  const unit: WriteUnit = (x, options) => convolution(graph, weights, x, options);
  const stem = { name: 'conv1', norm: 'bn1', cIn: 3, cOut: width, kernel: 7, stride: 2 };
  let x = graph.node('MaxPool', [unit(normalisedColours(graph, config), stem)], {
    attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
  });
  let cIn = width;
  for (const [stage, count] of layers.entries()) {
    const inner = width * 2 ** stage;
    const cOut = inner * EXPANSION[kind];
    for (let index = 0; index < count; index++) {
      const at = `layer${stage + 1}.${index}`;
      const stride = stage > 0 && index === 0 ? 2 : 1;
      const shape = { cIn, inner, cOut, stride };
      x = block(graph, unit, x, at, kind, shape);
      cIn = cOut;
    }
  }
  const pooled = graph.node('GlobalAveragePool', [x]);
  const flat = graph.node('Reshape', [pooled, graph.integers([0, cIn])]);
  calibratedShares(graph, linear(graph, flat, 'fc', [cIn, 8]), config.temperature);
}

interface BlockShape {
  readonly cIn: number;
  readonly inner: number;
  readonly cOut: number;
  readonly stride: number;
}

function block(
  graph: GraphBuilder,
  unit: WriteUnit,
  x: Value,
  at: string,
  kind: ResnetConfig['block'],
  { cIn, inner, cOut, stride }: BlockShape,
): Value {
  const part = (n: number) => ({ name: `${at}.conv${n}`, norm: `${at}.bn${n}` });
  let h: Value;
  if (kind === 'basic') {
    h = unit(x, { ...part(1), cIn, cOut: inner, kernel: 3, stride });
    h = unit(h, { ...part(2), cIn: inner, cOut, kernel: 3, relu: false });
  } else {
    h = unit(x, { ...part(1), cIn, cOut: inner, kernel: 1 });
    h = unit(h, { ...part(2), cIn: inner, cOut: inner, kernel: 3, stride });
    h = unit(h, { ...part(3), cIn: inner, cOut, kernel: 1, relu: false });
  }
  const isAlike = stride === 1 && cIn === cOut;
  const down = { name: `${at}.downsample.0`, norm: `${at}.downsample.1` };
  const beside = isAlike ? x : unit(x, { ...down, cIn, cOut, kernel: 1, stride, relu: false });
  return graph.node('Relu', [add(graph, h, beside)]);
}

function convolution(
  graph: GraphBuilder,
  weights: WeightSource,
  x: Value,
  { name, norm, cIn, cOut, kernel, stride = 1, relu = true }: Unit,
): Value {
  const weight = weights.take(`${name}.weight`, [cOut, cIn, kernel, kernel]);
  const folded = foldNorm(weights, weight, norm, BN_EPS);
  const inputs = [
    x,
    graph.computed(folded.weight),
    graph.computed({ ...folded.bias, name: `${name}.bias` }),
  ];
  const made = graph.node('Conv', inputs, {
    attributes: {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: Array(4).fill(kernel >> 1),
    },
  });
  return relu ? graph.node('Relu', [made]) : made;
}

/** Squashed to 224² and not normalised: how the authors of EmoEditor feed their predictor (utils.py, test.py). */
const AUTHORS_INPUT = { input_size: 224, mean: [0, 0, 0], std: [1, 1, 1], temperature: 1 };

/**
 * Config of a ResNet from the shapes of its tensors, fed as the authors' `emo_predictor.pt` is.
 * @throws ImportError UNSUPPORTED when it does not end in eight classes; MISSING_TENSOR
 */
export function inferResnetConfig({
  shapes,
  path,
}: Pick<Checkpoint, 'shapes' | 'path'>): Record<string, unknown> {
  const shapeOf = (name: string) => {
    const found = shapes.get(name);
    if (found !== undefined) return found;
    throw new ImportError(
      'MISSING_TENSOR',
      `Expected the tensor ${name} in ${path} but it is not there.`,
      'Give a ResNet-18, -34 or -50 with the names that torchvision gives its tensors.',
    );
  };
  const classes = shapeOf('fc.weight')[0];
  if (classes !== EMOTIONS.length) {
    throw new ImportError(
      'UNSUPPORTED',
      `Expected an emotion predictor of ${EMOTIONS.length} classes but ${path} has ${classes}.`,
      `Give one that was trained on ${EMOTIONS.join(', ')}, in this order.`,
    );
  }
  const countIn = (stage: number) => {
    let count = 0;
    while (shapes.has(`layer${stage}.${count}.conv1.weight`)) count++;
    return count;
  };
  return {
    _class_name: 'ResNet',
    num_classes: classes,
    ...AUTHORS_INPUT,
    class_order: [...EMOTIONS],
    block: shapes.has('layer1.0.conv3.weight') ? 'bottleneck' : 'basic',
    layers: [1, 2, 3, 4].map(countIn),
    width: shapeOf('conv1.weight')[0],
  };
}
