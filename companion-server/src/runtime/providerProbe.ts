import { attend } from '../onnx/attention.ts';
import { EMIT_PROFILES, type EmitProfile } from '../onnx/emitProfile.ts';
import { createGraphBuilder, type GraphBuilder, type Value } from '../onnx/graphBuilder.ts';
import {
  add,
  conv2d,
  groupNorm,
  layerNorm,
  linear,
  silu,
  toPicture,
  toTokens,
  upsampleTo,
} from '../onnx/layers.ts';
import { encodeModel } from '../onnx/onnxModel.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';

const CHANNELS = 16;
const [HEIGHT, WIDTH] = [15, 12];
const [INPUT, OUTPUT] = [3, 4];

/**
 * A small graph with the operators and the patterns of UNet, autoencoders and predictor: odd sides, odd channel
 * counts, self- and cross-attention. A provider that gets one of them wrong (they exist: drivers, flash attention,
 * three input channels) must not get a picture.
 */
export function probeGraph(profile: EmitProfile = EMIT_PROFILES.cpu): Uint8Array {
  const graph = probeBuilder(profile);
  const shape = [CHANNELS, CHANNELS, 3] as const;
  graph.input('x', ['n', INPUT, 'h', 'w']);
  graph.output('y', ['n', OUTPUT, 'H', 'W']);
  let h = conv2d(graph, 'x', 'conv_in', [INPUT, CHANNELS, 3]);
  h = silu(graph, groupNorm(graph, h, 'norm', CHANNELS, { groups: 4, eps: 1e-5 }));
  const down = conv2d(graph, h, 'down', shape, { stride: 2, pads: [0, 0, 1, 1] });
  h = add(graph, h, toPicture(graph, transformer(graph, h, down), h));
  h = add(graph, h, conv2d(graph, upsampleTo(graph, down, h), 'up', shape));
  h = depthwise(graph, h);
  const shuffled = graph.node('DepthToSpace', [conv2d(graph, h, 'shuffle', shape)], {
    attributes: { blocksize: 2, mode: 'CRD' },
  });
  const kernel = graph.weight('transposed.weight', [CHANNELS, OUTPUT, 2, 2]);
  const spread = graph.node('ConvTranspose', [h, kernel], {
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  });
  const sum = add(graph, shuffled, spread);
  const pooled = graph.node('GlobalAveragePool', [sum]);
  const share = graph.node('Softmax', [pooled], { attributes: { axis: 1 } });
  graph.node('Mul', [sum, share], { as: 'y' });
  return encodeModel(graph.finish());
}

/** Attention of the pixels of `h` to themselves and to those of `context`, then a GEGLU: [n, pixels, channels]. */
function transformer(graph: GraphBuilder, h: Value, context: Value): Value {
  const shape = { heads: 2, channels: CHANNELS };
  let tokens = toTokens(graph, h, CHANNELS);
  const own = layerNorm(graph, tokens, 'norm1', CHANNELS);
  tokens = add(graph, tokens, attend(graph, [own, own, own], shape));
  const other = toTokens(graph, context, CHANNELS);
  tokens = add(graph, tokens, attend(graph, [tokens, other, other], shape));
  const wide = linear(graph, tokens, 'wide', [CHANNELS, CHANNELS * 4]);
  const [value, gate] = graph.nodes('Split', [wide], 2, {
    attributes: { axis: -1, num_outputs: 2 },
  }) as [Value, Value];
  const gated = graph.node('Mul', [value, graph.node('Gelu', [gate])]);
  return add(graph, tokens, linear(graph, gated, 'narrow', [CHANNELS * 2, CHANNELS]));
}

function depthwise(graph: GraphBuilder, x: Value): Value {
  const kernel = graph.weight('depthwise.weight', [CHANNELS, 1, 3, 3]);
  const filtered = graph.node('Conv', [x, kernel], {
    attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], group: CHANNELS },
  });
  return graph.node('Clip', [filtered, graph.floats([-1], []), graph.floats([6], [])]);
}

export function probeInput(): Tensor {
  return tensor(wave(INPUT * HEIGHT * WIDTH, 1), [1, INPUT, HEIGHT, WIDTH]);
}

/** Mean of the absolute output and some of its values in float32. Source: training/golden/probe.py, PyTorch 2.13. */
export const PROBE_ANSWER = {
  meanAbs: 0.250463,
  /** Index in the output → value. */
  values: {
    0: -0.233815,
    7: -0.294943,
    100: 0.164392,
    555: -0.852711,
    1234: 0.121965,
    2000: -0.190358,
    2879: 0.44198,
  },
} as const;
/** Half precision inside a provider is allowed for; a wrong operator is off by far more. */
const TOLERANCE = 2e-3;

/** Null when the output is right, otherwise what is wrong with it. */
export function probeFault({ data }: Tensor): string | null {
  const expectedLength = OUTPUT * 4 * HEIGHT * WIDTH;
  if (data.length !== expectedLength) {
    return `a small network gave ${data.length} numbers instead of ${expectedLength}`;
  }
  const meanAbs = data.reduce((sum, value) => sum + Math.abs(value), 0) / data.length;
  const differences = Object.entries(PROBE_ANSWER.values).map(([index, should]) =>
    Math.abs((data[Number(index)] ?? Number.NaN) - should),
  );
  const worst = Math.max(Math.abs(meanAbs - PROBE_ANSWER.meanAbs), ...differences);
  if (worst <= TOLERANCE) return null;
  return `a small network with a known answer came out wrong by ${worst.toPrecision(2)}`;
}

/** Numbers that any language computes alike: sin(k · i). */
export function wave(length: number, k: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(k * (i + 1)));
}

/** A builder whose weights are waves inside the graph, scaled so that every layer keeps the size of its input. */
export function probeBuilder(profile: EmitProfile): GraphBuilder {
  const nowhere = () => {
    throw new RangeError('A probe has its weights inside the graph.');
  };
  const graph = createGraphBuilder('probe', { take: nowhere }, { place: nowhere }, profile);
  let count = 0;
  const weight: GraphBuilder['weight'] = (_name, shape) => {
    const length = shape.reduce((product, side) => product * side, 1);
    const inputs = length / (shape[0] ?? 1);
    const size = shape.length === 1 ? 1 : Math.sqrt(2 / inputs);
    const k = 0.7 + 0.13 * count++;
    return graph.floats(
      Array.from(wave(length, k), (value) => value * size),
      shape,
    );
  };
  return {
    ...graph,
    weight,
    operand: (name, shape) => ({ kind: 'float', value: weight(name, shape) }),
  };
}
