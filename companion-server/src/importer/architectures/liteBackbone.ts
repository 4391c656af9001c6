import * as z from 'zod';
import type { GraphBuilder, Value } from '../../onnx/graph.ts';
import { add } from '../../onnx/layers.ts';
import type { WeightSource } from '../../onnx/weights.ts';
import { type ColourScale, normalisedColours } from './classifier.ts';
import { fixedKeys } from './fixedKeys.ts';
import { foldNorm } from './foldNorm.ts';

/** Config keys of every network on EfficientNet-Lite: training/emoeditor/models/predictor.py. */
export const liteBackboneKeys = {
  depth_multiplier: z.number().positive(),
  stem_channels: z.int().positive(),
  stage_channels: z.array(z.int().positive()).length(7),
  head_channels: z.int().positive(),
  bn_eps: z.number().positive(),
  ...fixedKeys({ act_fn: 'relu6', padding: 'same' }),
};
const backboneConfig = z.object(liteBackboneKeys);
export type LiteBackboneConfig = z.infer<typeof backboneConfig> &
  ColourScale & { readonly input_size: number };

/** (repeats, kernel, stride, expansion) of EfficientNet-B0; Lite drops squeeze-excite and uses ReLU6. */
const STAGES = [
  [1, 3, 1, 1],
  [2, 3, 2, 6],
  [2, 5, 2, 6],
  [3, 3, 2, 6],
  [3, 5, 1, 6],
  [4, 5, 2, 6],
  [1, 3, 1, 6],
] as const;

const LAST_STRIDE = 32;

export interface Feature {
  readonly value: Value;
  readonly channels: number;
  /** Height and width: known, because the input has one size. */
  readonly side: number;
}

interface Unit {
  readonly name: string;
  readonly norm: string;
  readonly cOut: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly depthwise?: boolean;
  readonly relu?: boolean;
}

/** Feature maps of a picture. */
export interface LiteMaps {
  /** The last maps at strides 2, 4, 8, 16 and 32 (the latter before the head). */
  readonly at: ReadonlyMap<number, Feature>;
  /** Input of the pooling: stride 32, `head_channels` channels. */
  readonly top: Feature;
}

/**
 * `image [n, 3, S, S] in [0, 1]` → maps of several strides. Batch norms are folded into the convolutions. A graph of
 * another network over the same weights shares them: they have the same names.
 * Source: the EfficientNet-Lite checkpoints' own names.
 */
export function liteBackbone(
  graph: GraphBuilder,
  config: LiteBackboneConfig,
  weights: WeightSource,
): LiteMaps {
  const at = liteMaps(graph, config, weights);
  const head = { name: '_conv_head', norm: '_bn1', cOut: config.head_channels, kernel: 1 };
  const top = convolution(graph, weights, at.get(LAST_STRIDE) as Feature, head, config.bn_eps);
  return { at, top };
}

/** The same without what only the pooling sees, for networks that look at places. */
export function liteMaps(
  graph: GraphBuilder,
  config: Omit<LiteBackboneConfig, 'head_channels'>,
  weights: WeightSource,
): LiteMaps['at'] {
  const unit = (x: Feature, options: Unit) =>
    convolution(graph, weights, x, options, config.bn_eps);
  const side = config.input_size;
  const picture = { value: normalisedColours(graph, config), channels: 3, side };
  const stem = { name: '_conv_stem', norm: '_bn0', cOut: config.stem_channels };
  let x = unit(picture, { ...stem, kernel: 3, stride: 2 });
  const at = new Map<number, Feature>();
  let stride = 2;
  for (const [index, block] of blocksOf(config).entries()) {
    if (block.stride === 2) at.set(stride, x);
    stride *= block.stride;
    x = invertedResidual(graph, unit, x, `_blocks.${index}`, block);
  }
  at.set(stride, x);
  return at;
}

type Block = ReturnType<typeof blocksOf>[number];

/** Expand 1×1, depthwise k×k, project 1×1. */
function invertedResidual(
  graph: GraphBuilder,
  unit: (x: Feature, options: Unit) => Feature,
  x: Feature,
  at: string,
  { kernel, stride, cOut, expansion }: Block,
): Feature {
  const inner = x.channels * expansion;
  let h = x;
  if (expansion > 1) {
    h = unit(h, { name: `${at}._expand_conv`, norm: `${at}._bn0`, cOut: inner, kernel: 1 });
  }
  const name = `${at}._depthwise_conv`;
  h = unit(h, { name, norm: `${at}._bn1`, cOut: inner, kernel, stride, depthwise: true });
  h = unit(h, { name: `${at}._project_conv`, norm: `${at}._bn2`, cOut, kernel: 1, relu: false });
  const isResidual = stride === 1 && cOut === x.channels;
  return isResidual ? { ...h, value: add(graph, x.value, h.value) } : h;
}

function blocksOf(config: Omit<LiteBackboneConfig, 'head_channels'>) {
  return STAGES.flatMap(([repeats, kernel, stride, expansion], index) => {
    const isFixed = index === 0 || index === STAGES.length - 1;
    const count = isFixed ? repeats : Math.ceil(repeats * config.depth_multiplier);
    const cOut = config.stage_channels[index] as number;
    return Array.from({ length: count }, (_, repeat) => ({
      kernel,
      expansion,
      cOut,
      stride: repeat === 0 ? stride : 1,
    }));
  });
}

function convolution(
  graph: GraphBuilder,
  weights: WeightSource,
  x: Feature,
  { name, norm, cOut, kernel, stride = 1, depthwise = false, relu = true }: Unit,
  eps: number,
): Feature {
  const shape = [cOut, depthwise ? 1 : x.channels, kernel, kernel];
  const folded = foldNorm(weights, weights.take(`${name}.weight`, shape), norm, eps);
  const [before, after] = samePadding(x.side, kernel, stride);
  const made = graph.node(
    'Conv',
    [
      x.value,
      graph.computed(folded.weight),
      graph.computed({ ...folded.bias, name: `${name}.bias` }),
    ],
    {
      attributes: {
        kernel_shape: [kernel, kernel],
        strides: [stride, stride],
        pads: [before, before, after, after],
        group: depthwise ? x.channels : 1,
      },
    },
  );
  const bounds = [graph.floats([0], []), graph.floats([6], [])];
  return {
    value: relu ? graph.node('Clip', [made, ...bounds]) : made,
    channels: cOut,
    side: Math.ceil(x.side / stride),
  };
}

/** TensorFlow's SAME padding: the odd pixel goes right and bottom. */
function samePadding(side: number, kernel: number, stride: number): readonly [number, number] {
  const total = Math.max((Math.ceil(side / stride) - 1) * stride + kernel - side, 0);
  return [total >> 1, total - (total >> 1)];
}
