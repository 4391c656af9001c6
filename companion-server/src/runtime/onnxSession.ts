import * as ort from 'onnxruntime-node';
import { tensor } from '../tensor/tensor.ts';
import type { InferenceSession } from './inferenceRuntime.ts';

export interface SessionSettings {
  readonly provider: string;
  /** Threads of one operator; physical cores are best, more than there are is two to three times slower. */
  readonly threads: number;
}

/** Loads a graph from a file (weights beside it) or from bytes without external data. */
export async function openOnnxSession(
  graph: string | Uint8Array,
  { provider, threads }: SessionSettings,
): Promise<InferenceSession> {
  const options: ort.InferenceSession.SessionOptions = {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    graphOptimizationLevel: 'all',
    // Fatal only: what goes wrong is thrown as well, and a provider that refuses a node warns about each one.
    logSeverityLevel: 4,
  };
  const session =
    typeof graph === 'string'
      ? await ort.InferenceSession.create(graph, options)
      : await ort.InferenceSession.create(graph, options);
  return {
    async run(inputs) {
      const feeds: Record<string, ort.Tensor> = {};
      for (const [name, { data, dims }] of Object.entries(inputs)) {
        feeds[name] = new ort.Tensor('float32', data, dims);
      }
      const results = await session.run(feeds);
      return Object.fromEntries(
        Object.entries(results).map(([name, { data, dims }]) => [
          name,
          tensor(data as Float32Array, dims),
        ]),
      );
    },
    release: () => session.release(),
  };
}
