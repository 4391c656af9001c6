import { EMIT_PROFILES } from '../../onnx/emitProfile.ts';
import type { GraphBuilder } from '../../onnx/graph.ts';
import { createGraphBuilder } from '../../onnx/graphBuilder.ts';
import type { Weight, WeightSource } from '../../onnx/weights.ts';
import { quantisePerChannel } from './quantise.ts';
import { storageOfWeight } from './storage.ts';

/**
 * A layer with a larger relative rounding error in int8 stays in float16. Normally distributed weights have 0.6 to 1 %,
 * about as much as rounding the activations adds; layers with outliers have several times that.
 */
export const INT8_LIMIT = 0.02;

/** ‖W − Ŵ‖ / ‖W‖ of symmetric int8 with one scale per output channel; 0 for weights that are all zero. */
export function roundingError(weights: Float32Array, channels: number): number {
  const { values, scale } = quantisePerChannel(weights, channels);
  const perChannel = weights.length / channels;
  let [lost, all] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i] as number;
    const back = (values[i] as number) * (scale[Math.floor(i / perChannel)] as number);
    lost += (weight - back) ** 2;
    all += weight ** 2;
  }
  return all === 0 ? 0 : Math.sqrt(lost / all);
}

/**
 * Weights of a graph whose int8 rounding error exceeds `limit`, with that error. Reads every candidate once.
 * @param build writes the graph; called only to find out which weights it uses
 */
export async function weightsTooLossyForInt8(
  build: (graph: GraphBuilder, weights: WeightSource) => void,
  source: WeightSource,
  signal: AbortSignal,
  limit = INT8_LIMIT,
): Promise<Map<string, number>> {
  const candidates: Weight[] = [];
  const nowhere = { file: '', offset: 0, length: 0 };
  const graph = createGraphBuilder(
    'candidates',
    source,
    {
      place(weight) {
        if (storageOfWeight(weight.shape, 'int8') === 'int8') candidates.push(weight);
        return { type: 'float32', place: nowhere };
      },
    },
    EMIT_PROFILES.cpu,
  );
  build(graph, source);
  const lossy = new Map<string, number>();
  for (const { name, shape, read } of candidates) {
    signal.throwIfAborted();
    const error = roundingError(await read(), shape[0] ?? 1);
    if (error > limit) lossy.set(name, error);
  }
  return lossy;
}
