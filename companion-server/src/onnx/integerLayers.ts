import type { GraphBuilder, Operand, Value } from './graph.ts';
import { MICROSOFT } from './onnxModel.ts';

/**
 * Layers on int8 weights and activations that are rounded to 8 bits at run time, each tensor over its own range: no
 * calibration, and an error of about 0.7 % per layer (QLinearConv, which also rounds its output, makes 1.7 %). Products
 * add up in 32-bit integers and come out as float32. Two to four times the speed of float32 on CPUs with VNNI.
 */
export type IntegerWeight = Extract<Operand, { kind: 'integer' }>;

export interface Window {
  readonly kernel: number;
  readonly stride: number;
  /** Top, left, bottom, right. */
  readonly pads: readonly number[];
  /** How often the latents were halved: all feature maps of a level have the same size. Left out where not known. */
  readonly level?: number | undefined;
}

interface Rounded {
  readonly values: Value;
  readonly scale: Value;
  readonly zero: Value;
}

/** nn.Linear: x [..., cIn], weight [cOut, cIn] → [..., cOut]. */
export function integerLinear(
  graph: GraphBuilder,
  x: Value,
  weight: IntegerWeight,
  shift: Value | undefined,
): Value {
  // Folded when the graph is loaded.
  const columns = graph.node('Transpose', [weight.values], { attributes: { perm: [1, 0] } });
  return product(graph, rounded(graph, x), columns, weight.scale, shift);
}

/**
 * nn.Conv2d as one matrix product (im2col): x [n, cIn, h, w] → [n, cOut, h', w']. Gathering the receptive field of each
 * output pixel as bytes moves a quarter of the memory that float32 would.
 */
export function integerConv2d(
  graph: GraphBuilder,
  x: Value,
  weight: IntegerWeight,
  [cIn, cOut]: readonly [number, number],
  window: Window,
  { shift, as }: { readonly shift?: Value | undefined; readonly as?: string | undefined },
): Value {
  const { values, scale, zero } = rounded(graph, x);
  const channelsLast = graph.node('Transpose', [values], { attributes: { perm: [0, 2, 3, 1] } });
  const seen = patches(graph, channelsLast, zero, cIn, window);
  // [cOut, cIn, kh, kw] → [kh · kw · cIn, cOut], folded when the graph is loaded.
  const taps = graph.node('Transpose', [weight.values], { attributes: { perm: [2, 3, 1, 0] } });
  const rows = window.kernel ** 2 * cIn;
  const columns = graph.node('Reshape', [taps, graph.integers([rows, cOut])]);
  const y = product(graph, { values: seen, scale, zero }, columns, weight.scale, shift);
  return graph.node('Transpose', [y], {
    attributes: { perm: [0, 3, 1, 2] },
    ...(as === undefined ? {} : { as }),
  });
}

/** float32 → uint8 over the tensor's own range, with the step and the code of 0. */
function rounded(graph: GraphBuilder, x: Value): Rounded {
  const [values, scale, zero] = graph.nodes('DynamicQuantizeLinear', [x], 3);
  return { values: values as Value, scale: scale as Value, zero: zero as Value };
}

function product(
  graph: GraphBuilder,
  { values, scale, zero }: Rounded,
  columns: Value,
  columnScale: Value,
  shift: Value | undefined,
): Value {
  const inputs = [values, columns, scale, columnScale, zero];
  // The optional sixth input (zero point of the weights) is left empty only when a seventh follows.
  if (shift !== undefined) inputs.push('', shift);
  return graph.node('MatMulIntegerToFloat', inputs, { domain: MICROSOFT });
}

/** [n, h, w, c] → [n, h', w', kernel² · c]: the receptive field of each output pixel, in row order of the kernel. */
function patches(
  graph: GraphBuilder,
  x: Value,
  zero: Value,
  channels: number,
  window: Window,
): Value {
  const { kernel, stride, pads, level } = window;
  if (kernel === 1 && stride === 1) return x;
  const [top = 0, left = 0, bottom = 0, right = 0] = pads;
  const padded = graph.node('Pad', [
    x,
    graph.integers([0, top, left, 0, 0, bottom, right, 0]),
    zero,
  ]);
  if (level === undefined) return shiftedCopies(graph, padded, window);
  // The indices are the same for all layers of a level, and one gather copies the bytes once instead of twice.
  const places = graph.once(`${kernel}, ${stride}, ${pads} at ${level}`, () => {
    const seen = shiftedCopies(graph, pixelNumbers(graph, padded), window);
    return graph.node('Squeeze', [seen, graph.integers([0])]);
  });
  const pixels = graph.node('Reshape', [padded, graph.integers([0, -1, channels])]);
  const seen = graph.node('Gather', [pixels, places], { attributes: { axis: 1 } });
  return graph.node('Reshape', [seen, graph.integers([0, 0, 0, kernel ** 2 * channels])]);
}

/** [n, h, w, c] → [n, h', w', kernel² · c] by concatenating kernel² shifted copies. */
function shiftedCopies(graph: GraphBuilder, x: Value, { kernel, stride }: Window): Value {
  const axes = graph.integers([1, 2]);
  const steps = graph.integers([stride, stride]);
  const end = (tap: number) => (tap === kernel - 1 ? Number.MAX_SAFE_INTEGER : tap - kernel + 1);
  const copies = Array.from({ length: kernel ** 2 }, (_, tap) => {
    const [y, x0] = [Math.floor(tap / kernel), tap % kernel];
    const from = graph.integers([y, x0]);
    const to = graph.integers([end(y), end(x0)]);
    return graph.node('Slice', [x, from, to, axes, steps]);
  });
  return graph.node('Concat', copies, { attributes: { axis: 3 } });
}

/** A picture [n, h, w, c] → its pixel indices [1, h, w, 1]: 0, 1, 2, … row by row. */
function pixelNumbers(graph: GraphBuilder, picture: Value): Value {
  const sides = graph.node('Shape', [picture], { attributes: { start: 1, end: 3 } });
  const count = graph.node('ReduceProd', [sides], { attributes: { keepdims: 0 } });
  const [first, step] = [graph.integers([0], []), graph.integers([1], [])];
  const numbers = graph.node('Range', [first, count, step]);
  const plane = graph.node('Reshape', [numbers, sides]);
  return graph.node('Unsqueeze', [plane, graph.integers([0, 3])]);
}
