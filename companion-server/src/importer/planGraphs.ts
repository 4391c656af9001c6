import { createHash, type Hash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { type BundlePart, graphFile, weightsFile } from '../models/bundle.ts';
import { EMIT_PROFILES, PROFILE_NAMES } from '../onnx/emitProfile.ts';
import { createGraphBuilder } from '../onnx/graphBuilder.ts';
import { encodeModel } from '../onnx/onnxModel.ts';
import type { StorageType } from '../onnx/weights.ts';
import { graphsOf } from './graphsOf.ts';
import type { ModelPart, ModelSource } from './modelSource.ts';
import { spoiltByInt8 } from './roundingError.ts';
import { createWeightReader } from './weightReader.ts';
import { createWeightsLayout, type WeightsLayout } from './weightsFile.ts';

/** A graph that was built, with its weights still to be written. */
export interface GraphPlan {
  readonly part: BundlePart;
  /** Graphs by file name; the first is that for the CPU. */
  readonly graphs: ReadonlyMap<string, Uint8Array>;
  readonly layout: WeightsLayout;
}

export interface ImportPlan {
  readonly plans: readonly GraphPlan[];
  /** Tensors that no graph uses, per part. */
  readonly unused: Readonly<Partial<Record<ModelPart, readonly string[]>>>;
  /** Weights that stay in float16 where int8 was wanted, with the share of them that int8 would have lost. */
  readonly spared: ReadonlyMap<string, number>;
}

/**
 * Builds all graphs and checks every tensor's name, type and shape. No weight is read, but those that int8 might spoil.
 * @throws ImportError MISSING_TENSOR, MISSHAPEN_TENSOR, UNSUPPORTED; the signal's reason
 */
export async function planGraphs(
  source: ModelSource,
  storage: Readonly<Record<BundlePart, StorageType>>,
  signal: AbortSignal,
): Promise<ImportPlan> {
  const plans: GraphPlan[] = [];
  const unused: Partial<Record<ModelPart, string[]>> = {};
  const spared = new Map<string, number>();
  for (const job of graphsOf(source)) {
    const weights = createWeightReader(job.weights);
    for (const [part, build] of job.graphs) {
      const isInt8 = storage[part] === 'int8';
      const spoilt = isInt8 ? await spoiltByInt8(build, weights, signal) : new Map();
      for (const [name, error] of spoilt) spared.set(`${part}: ${name}`, error);
      const layouts = PROFILE_NAMES.map(() =>
        createWeightsLayout(weightsFile(part), storage[part], spoilt),
      );
      const graphs = PROFILE_NAMES.map((profile, index) => {
        const layout = layouts[index] as WeightsLayout;
        const graph = createGraphBuilder(part, weights, layout, EMIT_PROFILES[profile]);
        build(graph, weights);
        return [graphFile(part, profile), encodeModel(graph.finish())] as const;
      });
      plans.push({ part, graphs: new Map(different(graphs)), layout: layouts[0] as WeightsLayout });
    }
    unused[job.from] = weights.unused();
  }
  return { plans, unused, spared };
}

/** The first graph, and those of the others that are not the same bytes. */
function different(graphs: readonly (readonly [string, Uint8Array])[]) {
  const [first] = graphs;
  return graphs.filter(
    (graph) => graph === first || first === undefined || !Buffer.from(graph[1]).equals(first[1]),
  );
}

/** What an import will write: the same for the same files, not touched since, imported in the same way. */
export async function keyOf({ plans }: ImportPlan, source: ModelSource): Promise<string> {
  const hash = createHash('sha256');
  const files = new Set(graphsOf(source).flatMap(({ weights }) => weights.files));
  for (const file of files) await addFile(hash, file);
  // The graphs say where each weight goes and as what.
  for (const { graphs } of plans) for (const onnx of graphs.values()) hash.update(onnx);
  return hash.digest('hex');
}

async function addFile(hash: Hash, file: string): Promise<void> {
  const { size, mtimeMs } = await stat(file);
  hash.update(JSON.stringify([file, size, mtimeMs]));
}
