import type { GraphBuilder, Value } from './graph.ts';
import { toFloat32, toNumbers } from './numbers.ts';

/**
 * Operations that depend on the layout of pictures. At the inputs and outputs of a graph they are float32 [n, c, h, w];
 * between `enterPicture` and `leavePicture` they have the profile's layout and type.
 */
const CHANNELS_LAST = [0, 2, 3, 1];
const CHANNELS_FIRST = [0, 3, 1, 2];

export const isChannelsLast = ({ profile }: GraphBuilder): boolean =>
  profile.layout === 'channels-last';

/** Axes of height and width. */
const sides = (graph: GraphBuilder): readonly [number, number] =>
  isChannelsLast(graph) ? [1, 3] : [2, 4];

/** float32 [n, c, h, w] → the profile's. */
export function enterPicture(graph: GraphBuilder, x: Value): Value {
  const numbers = toNumbers(graph, x);
  return isChannelsLast(graph) ? permuted(graph, numbers, CHANNELS_LAST) : numbers;
}

/** The profile's → float32 [n, c, h, w]. */
export function leavePicture(graph: GraphBuilder, x: Value): Value {
  return toFloat32(graph, isChannelsLast(graph) ? permuted(graph, x, CHANNELS_FIRST) : x);
}

/** Convolution kernels as PyTorch stores them, [cOut, cIn, kh, kw] → [cOut, kh, kw, cIn]; folded when loaded. */
export const channelsLastKernel = (graph: GraphBuilder, weight: Value): Value =>
  permuted(graph, weight, CHANNELS_LAST);

/** The channels of both, one after the other. */
export function joinChannels(graph: GraphBuilder, a: Value, b: Value): Value {
  return graph.node('Concat', [a, b], { attributes: { axis: isChannelsLast(graph) ? 3 : 1 } });
}

/** [n, c] → a shape that broadcasts over a picture of c channels. */
export function perPicture(graph: GraphBuilder, x: Value): Value {
  return graph.node('Unsqueeze', [x, graph.integers(isChannelsLast(graph) ? [1, 2] : [2, 3])]);
}

/** A picture → [n, h·w, c]. */
export function toTokens(graph: GraphBuilder, x: Value, channels: number): Value {
  if (isChannelsLast(graph)) return graph.node('Reshape', [x, graph.integers([0, -1, channels])]);
  const flat = graph.node('Reshape', [x, graph.integers([0, channels, -1])]);
  return permuted(graph, flat, [0, 2, 1]);
}

/** [n, h·w, c] → the shape of `like`. */
export function toPicture(graph: GraphBuilder, tokens: Value, like: Value): Value {
  const pixels = isChannelsLast(graph) ? tokens : permuted(graph, tokens, [0, 2, 1]);
  return graph.node('Reshape', [pixels, graph.node('Shape', [like])]);
}

/** Nearest-neighbour upscaling to the height and width of `like`, so that odd sides are restored exactly. */
export function upsampleTo(graph: GraphBuilder, x: Value, like: Value): Value {
  const [start, end] = sides(graph);
  const parts = [shapeSlice(graph, x, 0, start), shapeSlice(graph, like, start, end)];
  if (end < 4) parts.push(shapeSlice(graph, x, end, 4));
  const sizes = graph.node('Concat', parts, { attributes: { axis: 0 } });
  return nearest(graph, [x, '', '', sizes]);
}

/** Nearest-neighbour doubling. */
export function upsampleTwice(graph: GraphBuilder, x: Value): Value {
  const scales = isChannelsLast(graph) ? [1, 2, 2, 1] : [1, 1, 2, 2];
  return nearest(graph, [x, '', graph.floats(scales, [4], 'float32')]);
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

function permuted(graph: GraphBuilder, x: Value, perm: readonly number[]): Value {
  return graph.node('Transpose', [x], { attributes: { perm } });
}
