import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { CACHED_GRAPH, CACHED_WEIGHTS } from './graphCache.ts';
import type { InferenceSession, Tensors } from './inferenceRuntime.ts';

/** What an optimised graph was written by: another version lays weights out differently. */
export const RUNTIME_VERSION = `onnxruntime-node ${ort.env.versions.node}`;

export interface SessionSettings {
  readonly provider: string;
  /** Threads of one operator; physical cores are best, more than there are is two to three times slower. */
  readonly threads: number;
  /** The graph comes from `writeOptimisedGraph` and is taken as it is. */
  readonly isOptimised?: boolean;
  /** Where the weights of a graph lie that is given as bytes. */
  readonly weightsFolder?: string;
}

/** Loads a graph from a file, with its weights beside it, or from bytes. */
export async function openOnnxSession(
  graph: string | Uint8Array,
  settings: SessionSettings,
): Promise<InferenceSession> {
  const options = optionsOf(settings);
  const session =
    typeof graph === 'string'
      ? await ort.InferenceSession.create(graph, options)
      : await ort.InferenceSession.create(graph, options);
  return {
    async run(inputs) {
      const results = await session.run(feedsOf(inputs, session.inputNames));
      return Object.fromEntries(
        Object.entries(results).map(([name, found]) => [name, outputOf(name, found)]),
      );
    },
    release: () => session.release(),
  };
}

/** Writes what the runtime makes of a graph, folded weights included, to a folder. */
export async function writeOptimisedGraph(
  graph: string,
  folder: string,
  settings: SessionSettings,
): Promise<void> {
  const session = await ort.InferenceSession.create(graph, {
    ...optionsOf(settings),
    optimizedModelFilePath: join(folder, CACHED_GRAPH),
    extra: {
      session: {
        // This session computes nothing: packed copies of the weights would only take memory, over a gigabyte.
        disable_prepacking: '1',
        optimized_model_external_initializers_file_name: CACHED_WEIGHTS,
        optimized_model_external_initializers_min_size_in_bytes: '1024',
      },
    },
  });
  await session.release();
}

const optionsOf = ({
  provider,
  threads,
  isOptimised = false,
  weightsFolder,
}: SessionSettings): ort.InferenceSession.SessionOptions => ({
  extra: {
    session: {
      // A thread that waits for more work in circles takes a core from the network that runs next.
      force_spinning_stop: '1',
      // The binding takes no key that is undefined.
      ...(weightsFolder === undefined
        ? {}
        : { model_external_initializers_file_folder_path: weightsFolder }),
    },
  },
  executionProviders: [provider],
  intraOpNumThreads: threads,
  graphOptimizationLevel: isOptimised ? 'disabled' : 'all',
  // Fatal only: what goes wrong is thrown as well, and a provider that refuses a node warns about each one.
  logSeverityLevel: 4,
});

function feedsOf(inputs: Tensors, wanted: readonly string[]): Record<string, ort.Tensor> {
  const given = Object.keys(inputs);
  const feeds: Record<string, ort.Tensor> = {};
  for (const name of wanted) {
    const input = inputs[name];
    if (input === undefined) throw wrongInputs(wanted, given);
    feeds[name] = new ort.Tensor('float32', input.data, input.dims);
  }
  if (given.length > wanted.length) throw wrongInputs(wanted, given);
  return feeds;
}

const wrongInputs = (wanted: readonly string[], given: readonly string[]) =>
  new RangeError(
    `Expected the inputs ${wanted.join(', ')} but received ${given.join(', ') || 'none'}.`,
  );

function outputOf(name: string, { data, dims, type }: ort.Tensor): Tensor {
  if (data instanceof Float32Array) return tensor(data, dims);
  throw new RangeError(`Expected ${name} as float32 but the graph gives ${type}.`);
}
