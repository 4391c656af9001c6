import { attendTo } from '../onnx/attention.ts';
import type { EmitProfile } from '../onnx/emitProfile.ts';
import type { GraphBuilder, Value } from '../onnx/graph.ts';
import { createGraphBuilder } from '../onnx/graphBuilder.ts';
import { add, conv2d, groupNormSilu, layerNorm, silu } from '../onnx/layers.ts';
import type { OnnxModel } from '../onnx/onnxModel.ts';
import { enterPicture, leavePicture, toPicture, toTokens, upsampleTo } from '../onnx/pictures.ts';
import { addLinear, addLinearThenNorm, gatedLinear } from '../onnx/residual.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';

const CHANNELS = 16;
const NARROW = { channels: CHANNELS, heads: 2 };
const [HEIGHT, WIDTH] = [15, 12];
const [INPUT, OUTPUT] = [3, 4];

/** A width that CUDA's fused operators support: that of Stable Diffusion 1's largest feature maps. */
const WIDE = { channels: 320, heads: 8 };

/**
 * A small graph with the operators and patterns of UNet, autoencoders and predictor: odd sides, odd channel counts,
 * self- and cross-attention. Some providers get one of them wrong (known cases: drivers, flash attention, three input
 * channels) and must not be used.
 */
export function probeGraph(profile: EmitProfile): OnnxModel {
  const graph = probeBuilder(profile);
  const shape = [CHANNELS, CHANNELS, 3] as const;
  graph.input('x', ['n', INPUT, 'h', 'w']);
  graph.output('y', ['n', OUTPUT, 'H', 'W']);
  const start = enterPicture(graph, 'x');
  let h = silu(graph, conv2d(graph, start, 'conv_in', [INPUT, CHANNELS, 3]));
  h = groupNormSilu(graph, h, 'norm', CHANNELS, { groups: 4, eps: 1e-5 });
  const down = conv2d(graph, h, 'down', shape, { stride: 2, pads: [0, 0, 1, 1] });
  const asked = toTokens(graph, down, CHANNELS);
  const seen = transformer(graph, toTokens(graph, h, CHANNELS), asked, NARROW);
  h = add(graph, h, toPicture(graph, seen, h));
  h = add(graph, h, conv2d(graph, upsampleTo(graph, down, h), 'up', shape));
  const filtered = depthwise(graph, leavePicture(graph, h));
  const spread = conv2d(graph, enterPicture(graph, filtered), 'shuffle', shape);
  const shuffled = graph.node('DepthToSpace', [leavePicture(graph, spread)], {
    attributes: { blocksize: 2, mode: 'CRD' },
  });
  const kernel = graph.weight('transposed.weight', [CHANNELS, OUTPUT, 2, 2], 'float32');
  const enlarged = graph.node('ConvTranspose', [filtered, kernel], {
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  });
  const sum = add(graph, shuffled, enlarged);
  const pooled = graph.node('GlobalAveragePool', [sum]);
  const share = graph.node('Softmax', [pooled], { attributes: { axis: 1 } });
  graph.node('Mul', [sum, share], { as: 'y' });
  return graph.finish();
}

/** A transformer as wide as Stable Diffusion's, for profiles whose fused operators support only those widths. */
export function wideProbeGraph(profile: EmitProfile): OnnxModel {
  const graph = probeBuilder(profile);
  const { channels } = WIDE;
  graph.input('x', ['n', channels, 'h', 'w']);
  graph.output('y', ['n', channels, 'h', 'w']);
  const picture = enterPicture(graph, 'x');
  const tokens = toTokens(graph, picture, channels);
  const seen = transformer(graph, tokens, tokens, WIDE);
  graph.node('Identity', [leavePicture(graph, toPicture(graph, seen, picture))], { as: 'y' });
  return graph.finish();
}

interface Width {
  readonly channels: number;
  readonly heads: number;
}

/** Attention of tokens [n, m, channels] to themselves and to others, then a GEGLU, each with its residual. */
function transformer(
  graph: GraphBuilder,
  tokens: Value,
  others: Value,
  { channels, heads }: Width,
): Value {
  const square = [channels, channels] as const;
  const attention = (x: Value, context: Value, name: string) =>
    attendTo(graph, x, context, {
      query: `${name}.q`,
      key: `${name}.k`,
      value: `${name}.v`,
      contextWidth: channels,
      heads,
      channels,
    });
  const own = layerNorm(graph, tokens, 'norm1', channels);
  const first = { onto: tokens, name: 'out1', shape: square };
  const asking = addLinearThenNorm(graph, attention(own, own, 'own'), first, 'norm2');
  const heard = attention(asking.normed, others, 'other');
  const second = { onto: asking.sum, name: 'out2', shape: square };
  const last = addLinearThenNorm(graph, heard, second, 'norm3');
  const inner = channels * 4;
  const gated = gatedLinear(graph, last.normed, 'wide', [channels, inner]);
  return addLinear(graph, gated, { onto: last.sum, name: 'narrow', shape: [inner, channels] });
}

function depthwise(graph: GraphBuilder, x: Value): Value {
  const kernel = graph.weight('depthwise.weight', [CHANNELS, 1, 3, 3], 'float32');
  const filtered = graph.node('Conv', [x, kernel], {
    attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], group: CHANNELS },
  });
  return graph.node('Clip', [
    filtered,
    graph.floats([-1], [], 'float32'),
    graph.floats([6], [], 'float32'),
  ]);
}

export function probeInput(): Tensor {
  return tensor(wave(INPUT * HEIGHT * WIDTH, 1), [1, INPUT, HEIGHT, WIDTH]);
}

export function wideProbeInput(): Tensor {
  const [height, width] = [3, 5];
  return tensor(wave(WIDE.channels * height * width, 1), [1, WIDE.channels, height, width]);
}

/** Expected output of a probe graph, in float32. */
export interface ProbeAnswer {
  readonly length: number;
  readonly meanAbs: number;
  /** Index in the output → value. */
  readonly values: Readonly<Record<number, number>>;
}

/** Source: training/golden/probe.py, PyTorch 2.13. */
export const PROBE_ANSWER: ProbeAnswer = {
  length: OUTPUT * 4 * HEIGHT * WIDTH,
  meanAbs: 0.243618,
  values: {
    0: -0.350325,
    7: 0.18481,
    100: -0.131635,
    555: -0.229091,
    1234: 0.042949,
    2000: 0.231294,
    2879: -0.173784,
  },
};

export const WIDE_PROBE_ANSWER: ProbeAnswer = {
  length: 4800,
  meanAbs: 1.157936,
  values: {
    0: 2.3666,
    7: 2.515768,
    100: -1.432046,
    555: 0.866282,
    1234: -1.894581,
    2000: -0.915439,
    4799: -0.370908,
  },
};

/** Allowed error relative to the mean: enough for float16 inside a provider; a wrong operator is off by far more. */
const TOLERANCE = 0.01;

/** Null when the output is right, otherwise what is wrong with it. */
export function probeFault({ data }: Tensor, answer: ProbeAnswer = PROBE_ANSWER): string | null {
  if (data.length !== answer.length) {
    return `a small network gave ${data.length} numbers instead of ${answer.length}`;
  }
  const meanAbs = data.reduce((sum, value) => sum + Math.abs(value), 0) / data.length;
  const differences = Object.entries(answer.values).map(([index, should]) =>
    Math.abs((data[Number(index)] ?? Number.NaN) - should),
  );
  const worst = Math.max(Math.abs(meanAbs - answer.meanAbs), ...differences) / answer.meanAbs;
  if (worst <= TOLERANCE) return null;
  return `a small network with a known answer came out wrong by ${worst.toPrecision(2)}`;
}

/** Test values that are the same in every language: sin(k · i). */
export function wave(length: number, k: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(k * (i + 1)));
}

/** A builder whose weights are `wave` values, scaled so that every layer's output has about its input's magnitude. */
export function probeBuilder(profile: EmitProfile): GraphBuilder {
  const nowhere = () => {
    throw new RangeError('A probe has its weights inside the graph.');
  };
  const graph = createGraphBuilder('probe', { take: nowhere }, { place: nowhere }, profile);
  let count = 0;
  const weight: GraphBuilder['weight'] = (_name, shape, numbers) => {
    const length = shape.reduce((product, side) => product * side, 1);
    const inputs = length / (shape[0] ?? 1);
    const size = shape.length === 1 ? 1 : Math.sqrt(2 / inputs);
    const k = 0.7 + 0.13 * count++;
    const values = Array.from(wave(length, k), (value) => value * size);
    return graph.floats(values, shape, numbers);
  };
  return {
    ...graph,
    weight,
    operand: (name, shape, numbers) => ({ kind: 'float', value: weight(name, shape, numbers) }),
  };
}
