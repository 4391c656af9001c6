import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSafetensors } from '@emoeditor/companion-server/importer/checkpoint/safetensors.ts';
import {
  createWeightReader,
  type WeightReader,
} from '@emoeditor/companion-server/importer/weights/weightReader.ts';
import { createWeightsLayout } from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import { EMIT_PROFILES, type ProfileName } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import type { GraphBuilder } from '@emoeditor/companion-server/onnx/graph.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import { encodeModel, type OnnxModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import type { WeightSource } from '@emoeditor/companion-server/onnx/weights.ts';
import type { InferenceSession } from '@emoeditor/companion-server/runtime/inferenceRuntime.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { roundingToHalf } from './halfRounding.ts';
import { inStandardOperators } from './standardOperators.ts';

export interface Way {
  readonly precision: 'float32' | 'float16' | 'int8';
  readonly profile: ProfileName;
}

export interface RunOutcome {
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Tensors of the file that the graph did not take. */
  readonly unused: readonly string[];
}

/** Hands out the weights of a file in another way than they lie there. */
export type Adapt = (source: WeightSource) => WeightSource;

/** A graph for any profile as the CPU can compute it, with the roundings of the profile. */
export const forCpu = (model: OnnxModel): OnnxModel => roundingToHalf(inStandardOperators(model));

/** A graph over the weights of a `.safetensors` file, opened on the CPU. */
export interface OpenGraph extends InferenceSession {
  /** Tensors of the file that the graph did not take. */
  readonly unused: readonly string[];
}

/**
 * Builds a graph and opens it on the CPU, with operators that only graphics cards have written in those that the CPU
 * has.
 */
export async function openGraph(
  weightsPath: string,
  { precision, profile }: Way,
  build: (graph: GraphBuilder, weights: WeightReader) => void,
  adapt: Adapt = (source) => source,
): Promise<OpenGraph> {
  const folder = await mkdtemp(join(tmpdir(), 'emoeditor-graph-'));
  const file = await openSafetensors(weightsPath);
  try {
    const weights = createWeightReader(file);
    const layout = createWeightsLayout('graph.weights', precision);
    const profiled = EMIT_PROFILES[profile];
    const graph = createGraphBuilder('golden', adapt(weights), layout, profiled);
    build(graph, weights);
    await layout.write(join(folder, 'graph.weights'), { signal: new AbortController().signal });
    const path = join(folder, 'graph.onnx');
    await writeFile(path, encodeModel(forCpu(graph.finish())));
    const session = await openOnnxSession(path, { provider: 'cpu', threads: 1 });
    return { ...session, unused: weights.unused() };
  } finally {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same, run once. */
export async function runGraph(
  weightsPath: string,
  way: Way,
  build: (graph: GraphBuilder, weights: WeightReader) => void,
  inputs: Readonly<Record<string, Tensor>>,
  adapt?: Adapt,
): Promise<RunOutcome> {
  const session = await openGraph(weightsPath, way, build, adapt);
  const outputs = await session.run(inputs);
  await session.release();
  return { outputs, unused: session.unused };
}

/** All float tensors of a `.safetensors` file; asking for one that is not there throws. */
export async function readTensors(path: string): Promise<(name: string) => Tensor> {
  const file = await openSafetensors(path);
  const found = new Map<string, Tensor>();
  for (const [name, shape] of file.shapes) found.set(name, tensor(await file.read(name), shape));
  await file.close();
  return (name) => {
    const wanted = found.get(name);
    if (wanted === undefined) throw new Error(`${path} has no ${name}`);
    return wanted;
  };
}

/** Root mean square of the difference in units of the expected output's own. */
export function relativeError(is: Tensor, should: Tensor): number {
  if (is.dims.join() !== should.dims.join()) {
    throw new Error(`Expected [${should.dims.join()}] but got [${is.dims.join()}]`);
  }
  let [difference, size] = [0, 0];
  for (let i = 0; i < should.data.length; i++) {
    difference += ((is.data[i] as number) - (should.data[i] as number)) ** 2;
    size += (should.data[i] as number) ** 2;
  }
  return Math.sqrt(difference / size);
}
