import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  BUNDLE_FILE,
  type Bundle,
  type BundlePart,
  graphFile,
  weightsFile,
} from '../models/bundle.ts';
import { EMIT_PROFILES, PROFILE_NAMES } from '../onnx/emitProfile.ts';
import { createGraphBuilder } from '../onnx/graphBuilder.ts';
import { encodeModel } from '../onnx/onnxModel.ts';
import type { Checkpoint } from './checkpoint/checkpoint.ts';
import { describeBundle } from './describeBundle.ts';
import { type ExportFolder, type ExportPart, readExportFolder } from './exportFolder.ts';
import { graphsOf } from './graphsOf.ts';
import { ImportError } from './importError.ts';
import { spoiltByInt8 } from './roundingError.ts';
import { openSafetensors } from './safetensors.ts';
import { type Precision, storageOfParts } from './storage.ts';
import { createWeightReader } from './weightReader.ts';
import { createWeightsLayout, type WeightsLayout } from './weightsFile.ts';

export interface ImportOptions {
  /** How weights are stored, altogether or by part; float16 where nothing is said. */
  readonly precision?: Precision;
  /** Weights written so far, of how many, and the part of the bundle that is being written. */
  readonly onProgress?: (done: number, total: number, part: string) => void;
  readonly signal?: AbortSignal;
}

export interface ImportReport {
  readonly bundle: Bundle;
  /** Tensors of the checkpoint that no graph uses, per part. */
  readonly unused: Readonly<Partial<Record<ExportPart, readonly string[]>>>;
  /** Weights that stay in float16 where int8 was wanted, with the share of them that int8 would have lost. */
  readonly spared: ReadonlyMap<string, number>;
}

/**
 * Turns the export folder of a training run into a bundle: ONNX graphs, their weights, `bundle.json` with checksums.
 * All graphs are planned, and every tensor's name and shape checked, before the first byte is written; weights then
 * pass through memory one at a time. The bundle appears whole or not at all, and the same export gives the same bytes.
 * @throws ImportError, the signal's reason
 */
export async function importBundle(
  source: string,
  target: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const { precision = {}, onProgress = () => {}, signal = new AbortController().signal } = options;
  if (await exists(target)) {
    throw new ImportError(
      'OUTPUT_EXISTS',
      `${target} exists already.`,
      'Choose another name, or remove it first.',
    );
  }
  const from = await readExportFolder(source);
  const storage = storageOfParts(precision);
  const open: Checkpoint[] = [];
  const partial = `${target}.partial`;
  try {
    const { plans, ...found } = await planGraphs(from, storage, open, signal);
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    await writeGraphs(partial, plans, onProgress, signal);
    const files = plans.flatMap(({ part, graphs }) => [...graphs.keys(), weightsFile(part)]);
    const bundle = await describeBundle(from, partial, basename(target), storage, files);
    await writeFile(join(partial, BUNDLE_FILE), `${JSON.stringify(bundle, null, 2)}\n`);
    await rename(partial, target);
    return { bundle, ...found };
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  } finally {
    for (const file of open) await file.close();
  }
}

/** A graph that was built, with its weights still to be written. */
interface Plan {
  readonly part: BundlePart;
  /** Graphs by file name; the first is that for the CPU. */
  readonly graphs: ReadonlyMap<string, Uint8Array>;
  readonly layout: WeightsLayout;
}

/** @param open takes every file that was opened, for the caller to close */
async function planGraphs(
  from: ExportFolder,
  storage: Bundle['precision'],
  open: Checkpoint[],
  signal: AbortSignal,
): Promise<{ plans: Plan[] } & Pick<ImportReport, 'unused' | 'spared'>> {
  const plans: Plan[] = [];
  const unused: Partial<Record<ExportPart, string[]>> = {};
  const spared = new Map<string, number>();
  for (const job of graphsOf(from)) {
    const file = await openSafetensors(from.weights(job.from));
    open.push(file);
    const weights = createWeightReader(file);
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

async function writeGraphs(
  folder: string,
  plans: readonly Plan[],
  onProgress: NonNullable<ImportOptions['onProgress']>,
  signal: AbortSignal,
): Promise<void> {
  const total = plans.reduce((sum, { layout }) => sum + layout.count, 0);
  let done = 0;
  for (const { part, graphs, layout } of plans) {
    onProgress(done, total, part);
    for (const [name, onnx] of graphs) await writeFile(join(folder, name), onnx);
    await layout.write(join(folder, weightsFile(part)), {
      signal,
      onWeight: () => onProgress(++done, total, part),
    });
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
