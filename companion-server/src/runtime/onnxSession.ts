import { join } from 'node:path';
import { type Tensor, tensor } from '../tensor/tensor.ts';
import { CACHED_GRAPH, CACHED_WEIGHTS } from './graphCache.ts';
import type { InferenceSession, Tensors } from './inferenceRuntime.ts';
import { createFeeds, createUploader, type Feeds } from './onnxFeeds.ts';
import * as ort from './onnxRuntime.ts';
import { failureOf } from './runFailure.ts';

/** Part of the cache key: another version of the runtime lays weights out differently. */
export const RUNTIME_VERSION = `onnxruntime-node ${ort.env.versions.node}, exact integers`;

/**
 * On x64 processors without VNNI (many laptops, AMD before Zen 4) ONNX Runtime adds pairs of int8 products in 16 bits,
 * which can overflow (measured: one layer 19 % wrong). This setting makes it use unsigned weights there, which is exact;
 * processors with VNNI are not affected. Source: onnxruntime_session_options_config_keys.h, "session.x64quantprecision".
 */
const EXACT_INTEGERS = { x64quantprecision: '1' } as const;

export interface SessionSettings {
  readonly provider: string;
  /** Threads per operator; best is the number of physical cores, more is two to three times slower. */
  readonly threads: number;
  /** The graph comes from `writeOptimisedGraph` and needs no further optimisation. */
  readonly isOptimised?: boolean;
  /** Where the weights of a graph lie that is given as bytes. */
  readonly weightsFolder?: string;
}

/**
 * Loads a graph from bytes, or from a file with its weights in the same folder. Constant inputs stay on the device
 * between runs where the binding allows that (WebGPU).
 */
export async function openOnnxSession(
  graph: string | Uint8Array,
  settings: SessionSettings,
): Promise<InferenceSession> {
  const options = optionsOf(settings);
  const session =
    typeof graph === 'string'
      ? await ort.InferenceSession.create(graph, options)
      : await ort.InferenceSession.create(graph, options);
  const uploader = settings.provider === 'webgpu' ? createUploader(optionsOf(settings)) : null;
  const feeds = createFeeds(session.inputNames, uploader);
  return {
    async run(inputs) {
      const results = await runOn(session, feeds, inputs);
      return Object.fromEntries(
        Object.entries(results).map(([name, found]) => [name, outputOf(name, found)]),
      );
    },
    async release() {
      await feeds.release();
      await session.release();
    },
  };
}

async function runOn(
  session: ort.InferenceSession,
  feeds: Feeds,
  inputs: Tensors,
): Promise<ort.InferenceSession.ReturnType> {
  try {
    return await session.run(await feeds.of(inputs));
  } catch (error) {
    throw failureOf(error);
  }
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
        ...EXACT_INTEGERS,
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
      // Threads that spin while waiting for work take cores from the network that runs next.
      force_spinning_stop: '1',
      ...EXACT_INTEGERS,
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

function outputOf(name: string, { data, dims, type }: ort.Tensor): Tensor {
  if (data instanceof Float32Array) return tensor(data, dims);
  throw new RangeError(`Expected ${name} as float32 but the graph gives ${type}.`);
}
