import type { GraphBuilder, Value } from './graph.ts';
import { integerConv2d, integerLinear } from './integerLayers.ts';
import { MICROSOFT } from './onnxModel.ts';
import { channelsLastKernel, enterPicture, isChannelsLast, leavePicture } from './pictures.ts';
import { filteringFor, winogradConv2d } from './winogradConv.ts';

/** PyTorch's layers, written into a graph. `name` is the module's path in the checkpoint. */
export interface ConvOptions {
  readonly stride?: number;
  /** Top, left, bottom, right; half of the kernel on every side when left out. */
  readonly pads?: readonly number[];
  readonly bias?: boolean;
  /**
   * How often the latents were halved before this layer. Layers of one level have one picture size; the level also
   * decides whether Winograd's algorithm pays, where the profile has it. Left out for layers at picture size, where
   * Winograd takes gigabytes to save 7 % of the time (decoder of SD-1.x at 256×256: 2.6 GB instead of 1.0).
   */
  readonly level?: number;
  readonly as?: string;
}

/** nn.Conv2d over a picture: cIn channels, h × w → cOut channels, h' × w'. */
export function conv2d(
  graph: GraphBuilder,
  x: Value,
  name: string,
  [cIn, cOut, kernel]: readonly [number, number, number],
  { stride = 1, pads, bias = true, level, as }: ConvOptions = {},
): Value {
  const weight = graph.operand(`${name}.weight`, [cOut, cIn, kernel, kernel]);
  const shift = bias ? graph.weight(`${name}.bias`, [cOut]) : undefined;
  const window = {
    kernel,
    stride,
    pads: pads ?? Array(4).fill(kernel === stride ? 0 : kernel >> 1),
  };
  const shape = [cIn, cOut] as const;
  if (weight.kind === 'integer') {
    return integerConv2d(graph, x, weight, shape, { ...window, level }, { shift, as });
  }
  const isPlain = kernel === 3 && stride === 1 && pads === undefined;
  const mayTile = graph.profile.winograd && isPlain && level !== undefined;
  const filtering = mayTile ? filteringFor(cIn, cOut, level) : null;
  if (filtering !== null) {
    return winogradConv2d(graph, x, filtering, { weight: weight.value, shift, shape, as });
  }
  const isLast = isChannelsLast(graph);
  const kernels = isLast ? channelsLastKernel(graph, weight.value) : weight.value;
  const inputs = [x, kernels, ...(shift === undefined ? [] : [shift])];
  return graph.node(isLast ? 'NhwcConv' : 'Conv', inputs, {
    attributes: {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: window.pads,
    },
    ...(isLast ? { domain: MICROSOFT } : {}),
    ...(as === undefined ? {} : { as }),
  });
}

/** An nn.Conv2d whose result is an output of the graph. */
export function outputConv2d(
  graph: GraphBuilder,
  x: Value,
  name: string,
  shape: readonly [number, number, number],
  as: string,
): void {
  const { numbers, layout } = graph.profile;
  if (numbers === 'float32' && layout === 'channels-first') {
    conv2d(graph, x, name, shape, { as });
  } else {
    graph.node('Identity', [leavePicture(graph, conv2d(graph, x, name, shape))], { as });
  }
}

export interface LinearOptions {
  readonly bias?: boolean;
  /** Computes in float32 in every profile. */
  readonly isExact?: boolean;
}

/** nn.Linear on the last axis: [..., cIn] → [..., cOut]. */
export function linear(
  graph: GraphBuilder,
  x: Value,
  name: string,
  [cIn, cOut]: readonly [number, number],
  { bias = true, isExact = false }: LinearOptions = {},
): Value {
  const numbers = isExact ? 'float32' : graph.profile.numbers;
  const weight = graph.operand(`${name}.weight`, [cOut, cIn], numbers);
  const shift = bias ? graph.weight(`${name}.bias`, [cOut], numbers) : undefined;
  if (weight.kind === 'integer') return integerLinear(graph, x, weight, shift);
  // Folded when the graph is loaded.
  const transposed = graph.node('Transpose', [weight.value], { attributes: { perm: [1, 0] } });
  const product = graph.node('MatMul', [x, transposed]);
  return shift === undefined ? product : graph.node('Add', [product, shift]);
}

export interface GroupNormShape {
  readonly groups: number;
  readonly eps: number;
}

/** nn.GroupNorm over a picture of so many channels. */
export const groupNorm = (
  graph: GraphBuilder,
  x: Value,
  name: string,
  channels: number,
  shape: GroupNormShape,
): Value =>
  fusedGroupNorm(graph, x, name, channels, shape, false) ??
  instanceNorm(graph, x, name, channels, shape);

/** The same with a SiLU behind it. */
export const groupNormSilu = (
  graph: GraphBuilder,
  x: Value,
  name: string,
  channels: number,
  shape: GroupNormShape,
): Value =>
  fusedGroupNorm(graph, x, name, channels, shape, true) ??
  silu(graph, instanceNorm(graph, x, name, channels, shape));

/** CUDA's kernel takes two channels at a time. */
const FUSED_STEP = 2;

/** Null where the profile, or the kernel, does not have it. */
function fusedGroupNorm(
  graph: GraphBuilder,
  x: Value,
  name: string,
  channels: number,
  { groups, eps }: GroupNormShape,
  withSilu: boolean,
): Value | null {
  const { groupNorm: fused } = graph.profile;
  if (fused.kind === 'standard' || (channels / groups) % FUSED_STEP !== 0) return null;
  const scale = graph.weight(`${name}.weight`, [channels], fused.scales);
  const shift = graph.weight(`${name}.bias`, [channels], fused.scales);
  return graph.node('GroupNorm', [x, scale, shift], {
    attributes: {
      groups,
      epsilon: { float: eps },
      activation: withSilu ? 1 : 0,
      channels_last: isChannelsLast(graph) ? 1 : 0,
    },
    domain: MICROSOFT,
  });
}

/**
 * A group norm as an instance norm over the groups, for which the CPU provider has a kernel. It expands ONNX's
 * GroupNormalization into twenty nodes, which costs 10 % of a small UNet's time. Always float32: sums over thousands of
 * values exceed float16's precision.
 */
function instanceNorm(
  graph: GraphBuilder,
  x: Value,
  name: string,
  channels: number,
  { groups, eps }: GroupNormShape,
): Value {
  const ones = graph.floats(Array(groups).fill(1), [groups], 'float32');
  const zeros = graph.floats(Array(groups).fill(0), [groups], 'float32');
  const picture = leavePicture(graph, x);
  const grouped = graph.node('Reshape', [picture, graph.integers([0, groups, -1])]);
  const normed = graph.node('InstanceNormalization', [grouped, ones, zeros], {
    attributes: { epsilon: { float: eps } },
  });
  const again = graph.node('Reshape', [normed, graph.node('Shape', [picture])]);
  const perChannel = (part: string) =>
    graph.node('Reshape', [
      graph.weight(`${name}.${part}`, [channels], 'float32'),
      graph.integers([channels, 1, 1]),
    ]);
  const scaled = graph.node('Mul', [again, perChannel('weight')]);
  return enterPicture(graph, add(graph, scaled, perChannel('bias')));
}

/** nn.LayerNorm over the last axis, PyTorch's default epsilon. */
export function layerNorm(graph: GraphBuilder, x: Value, name: string, width: number): Value {
  const scale = graph.weight(`${name}.weight`, [width]);
  const shift = graph.weight(`${name}.bias`, [width]);
  return graph.node('LayerNormalization', [x, scale, shift], {
    attributes: { axis: -1, epsilon: { float: 1e-5 } },
  });
}

/** x · sigmoid(x). */
export function silu(graph: GraphBuilder, x: Value): Value {
  if (graph.profile.silu === 'standard') return graph.node('Mul', [x, graph.node('Sigmoid', [x])]);
  return graph.node('QuickGelu', [x], { attributes: { alpha: { float: 1 } }, domain: MICROSOFT });
}

export function add(graph: GraphBuilder, a: Value, b: Value, as?: string): Value {
  return graph.node('Add', [a, b], as === undefined ? {} : { as });
}
