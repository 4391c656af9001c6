import type { GraphBuilder, Value } from './graphBuilder.ts';
import { integerConv2d, integerLinear } from './integerLayers.ts';
import { MICROSOFT } from './onnxModel.ts';

/** Layers as PyTorch names and stores them, written into a graph. `name` is the module's path in the checkpoint. */
export interface ConvOptions {
  readonly stride?: number;
  /** Top, left, bottom, right; half of the kernel on every side when left out. */
  readonly pads?: readonly number[];
  readonly bias?: boolean;
  readonly as?: string;
}

/** nn.Conv2d: [n, cIn, h, w] → [n, cOut, h', w']. */
export function conv2d(
  graph: GraphBuilder,
  x: Value,
  name: string,
  [cIn, cOut, kernel]: readonly [number, number, number],
  { stride = 1, pads, bias = true, as }: ConvOptions = {},
): Value {
  const weight = graph.operand(`${name}.weight`, [cOut, cIn, kernel, kernel]);
  const shift = bias ? graph.weight(`${name}.bias`, [cOut]) : undefined;
  const window = {
    kernel,
    stride,
    pads: pads ?? Array(4).fill(kernel === stride ? 0 : kernel >> 1),
  };
  if (weight.kind === 'integer') {
    const shape = [cIn, cOut] as const;
    return integerConv2d(graph, x, weight, shape, window, { shift, as });
  }
  return graph.node('Conv', [x, weight.value, ...(shift === undefined ? [] : [shift])], {
    attributes: {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: window.pads,
    },
    ...(as === undefined ? {} : { as }),
  });
}

/** nn.Linear on the last axis: [..., cIn] → [..., cOut]. */
export function linear(
  graph: GraphBuilder,
  x: Value,
  name: string,
  [cIn, cOut]: readonly [number, number],
  bias = true,
): Value {
  const weight = graph.operand(`${name}.weight`, [cOut, cIn]);
  const shift = bias ? graph.weight(`${name}.bias`, [cOut]) : undefined;
  if (weight.kind === 'integer') return integerLinear(graph, x, weight, shift);
  // Folded when the graph is loaded.
  const transposed = graph.node('Transpose', [weight.value], { attributes: { perm: [1, 0] } });
  const product = graph.node('MatMul', [x, transposed]);
  return shift === undefined ? product : graph.node('Add', [product, shift]);
}

/**
 * nn.GroupNorm over [n, c, h, w]. Written as an instance norm over the groups, for which the CPU provider has a kernel:
 * ONNX's GroupNormalization it takes apart into twenty nodes, which costs a tenth of a small UNet.
 */
export function groupNorm(
  graph: GraphBuilder,
  x: Value,
  name: string,
  channels: number,
  { groups, eps }: { readonly groups: number; readonly eps: number },
): Value {
  const ones = graph.floats(Array(groups).fill(1));
  const zeros = graph.floats(Array(groups).fill(0));
  const grouped = graph.node('Reshape', [x, graph.integers([0, groups, -1])]);
  const normed = graph.node('InstanceNormalization', [grouped, ones, zeros], {
    attributes: { epsilon: { float: eps } },
  });
  const picture = graph.node('Reshape', [normed, graph.node('Shape', [x])]);
  const perChannel = (part: string) =>
    graph.node('Reshape', [
      graph.weight(`${name}.${part}`, [channels]),
      graph.integers([channels, 1, 1]),
    ]);
  return add(graph, graph.node('Mul', [picture, perChannel('weight')]), perChannel('bias'));
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

/** [n, c, h, w] → [n, h·w, c]. */
export function toTokens(graph: GraphBuilder, x: Value, channels: number): Value {
  const flat = graph.node('Reshape', [x, graph.integers([0, channels, -1])]);
  return graph.node('Transpose', [flat], { attributes: { perm: [0, 2, 1] } });
}

/** [n, h·w, c] → the shape of `like`. */
export function toPicture(graph: GraphBuilder, tokens: Value, like: Value): Value {
  const channelsFirst = graph.node('Transpose', [tokens], { attributes: { perm: [0, 2, 1] } });
  return graph.node('Reshape', [channelsFirst, graph.node('Shape', [like])]);
}

/** Nearest-neighbour upscaling to height and width of `like`: a side that was halved from odd comes back odd. */
export function upsampleTo(graph: GraphBuilder, x: Value, like: Value): Value {
  const sizes = graph.node('Concat', [shapeSlice(graph, x, 0, 2), shapeSlice(graph, like, 2, 4)], {
    attributes: { axis: 0 },
  });
  return nearest(graph, [x, '', '', sizes]);
}

/** Nearest-neighbour doubling. */
export function upsampleTwice(graph: GraphBuilder, x: Value): Value {
  return nearest(graph, [x, '', graph.floats([1, 1, 2, 2])]);
}

function nearest(graph: GraphBuilder, inputs: Value[]): Value {
  return graph.node('Resize', inputs, {
    attributes: {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    },
  });
}

function shapeSlice(graph: GraphBuilder, x: Value, start: number, end: number): Value {
  return graph.node('Shape', [x], { attributes: { start, end } });
}
