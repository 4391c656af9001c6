import { createGraphBuilder } from '../onnx/graphBuilder.ts';
import {
  add,
  attend,
  conv2d,
  groupNorm,
  silu,
  toPicture,
  toTokens,
  upsampleTwice,
} from '../onnx/layers.ts';
import { encodeModel } from '../onnx/onnxModel.ts';
import type { WeightSource } from '../onnx/weights.ts';
import { type Tensor, tensor } from '../tensor/tensor.ts';

const CHANNELS = 8;
const SIDE = 4;

/**
 * A small graph with every kind of operator that a UNet needs. A provider that gets it wrong (they exist: drivers,
 * flash attention, odd channel counts) must not get a picture.
 */
export function probeGraph(): Uint8Array {
  const graph = createGraphBuilder('probe', waves(), {
    store: () => {
      throw new Error('The probe has no external weights.');
    },
  });
  const inline = { ...graph, weight: inlineWeights(graph) };
  graph.input('x', ['n', CHANNELS, 'h', 'w']);
  graph.output('y', ['n', CHANNELS, 'h', 'w']);
  let h = conv2d(inline, 'x', 'first', [CHANNELS, CHANNELS, 3]);
  h = silu(inline, groupNorm(inline, h, 'norm', CHANNELS, { groups: 4, eps: 1e-5 }));
  const tokens = toTokens(inline, h, CHANNELS);
  h = add(inline, h, toPicture(inline, attend(inline, [tokens, tokens, tokens], 2), h));
  conv2d(inline, upsampleTwice(inline, h), 'last', [CHANNELS, CHANNELS, 3], { as: 'y' });
  return encodeModel(graph.finish());
}

export function probeInput(): Tensor {
  return tensor(wave(CHANNELS * SIDE * SIDE, 1), [1, CHANNELS, SIDE, SIDE]);
}

/** Mean of the absolute output and its first values, computed by PyTorch 2.13 in float32. */
export const PROBE_ANSWER = {
  meanAbs: 1.39009678,
  first: [1.55575085, 1.55320084, 1.43160427, 1.02532041],
} as const;
/** Half precision inside a provider is allowed for; a wrong operator is off by far more. */
const TOLERANCE = 5e-3;

/** Null when the output is right, otherwise what is wrong with it. */
export function probeFault({ data }: Tensor): string | null {
  const meanAbs = data.reduce((sum, value) => sum + Math.abs(value), 0) / data.length;
  const pairs = [
    [meanAbs, PROBE_ANSWER.meanAbs],
    ...PROBE_ANSWER.first.map((value, index) => [data[index] ?? Number.NaN, value]),
  ] as [number, number][];
  const worst = Math.max(...pairs.map(([is, should]) => Math.abs(is - should)));
  if (worst <= TOLERANCE) return null;
  return `a small network with a known answer came out wrong by ${worst.toPrecision(2)}`;
}

/** Numbers that any language computes alike: sin(k · i) with another k per tensor. */
function wave(length: number, k: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(k * (i + 1)));
}

const FREQUENCIES: Readonly<Record<string, number>> = {
  'first.weight': 0.7,
  'first.bias': 0.3,
  'norm.weight': 1.3,
  'norm.bias': 0.9,
  'last.weight': 0.37,
  'last.bias': 0.11,
};

function waves(): WeightSource {
  return {
    take: (name, shape) =>
      wave(
        shape.reduce((product, side) => product * side, 1),
        FREQUENCIES[name] ?? Number.NaN,
      ).map((value) => value * (name.endsWith('weight') && shape.length === 4 ? 0.2 : 1)),
  };
}

function inlineWeights(graph: ReturnType<typeof createGraphBuilder>) {
  const source = waves();
  return (name: string, shape: readonly number[]) =>
    graph.floats([...source.take(name, shape)], shape);
}
