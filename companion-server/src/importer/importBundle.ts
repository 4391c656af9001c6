import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  BUNDLE_FILE,
  type Bundle,
  type BundlePart,
  graphFile,
  weightsFile,
} from '../models/bundle.ts';
import { createGraphBuilder, type GraphBuilder } from '../onnx/graphBuilder.ts';
import { encodeModel } from '../onnx/onnxModel.ts';
import type { WeightSource } from '../onnx/weights.ts';
import { buildKLDecoder, buildKLEncoder } from './autoencoderKl.ts';
import { buildEfficientNetLite } from './efficientNetLite.ts';
import { buildEmotionEncoder } from './emotionEncoder.ts';
import { type ExportFolder, readExportFolder } from './exportFolder.ts';
import { ImportError } from './importError.ts';
import { buildPatchDecoder, buildPatchEncoder } from './patchAutoencoder.ts';
import { openSafetensors } from './safetensors.ts';
import { buildUNet } from './unet2dCondition.ts';
import { readWeights } from './weightReader.ts';
import { createWeightsFile, type Precision } from './weightsFile.ts';

export interface ImportOptions {
  readonly precision?: Precision;
  readonly onProgress?: (done: number, total: number, part: string) => void;
  readonly signal?: AbortSignal;
}

export interface ImportReport {
  readonly bundle: Bundle;
  /** Tensors of the checkpoint that no graph uses, per part. */
  readonly unused: Readonly<Record<string, readonly string[]>>;
}

type Build = (graph: GraphBuilder, weights: WeightSource) => void;

/** Working size of the models that training writes; see WORKING_AREA in training/emoeditor/evaluate.py. */
const WORKING_SIZE = { area: 256 * 256, multiple: 32 };

/**
 * Turns the export folder of a training run into a bundle: ONNX graphs, their weights, `bundle.json` with checksums.
 * The bundle appears whole or not at all, and the same export gives the same bytes.
 * @throws ImportError, the signal's reason
 */
export async function importBundle(
  source: string,
  target: string,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const {
    precision = 'float16',
    onProgress = () => {},
    signal = new AbortController().signal,
  } = options;
  if (await exists(target)) {
    throw new ImportError(
      'OUTPUT_EXISTS',
      `${target} exists already.`,
      'Choose another name, or remove it first.',
    );
  }
  const from = await readExportFolder(source);
  const partial = `${target}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    const jobs = partJobs(from);
    const unused: Record<string, readonly string[]> = {};
    for (const [index, { weights, graphs }] of jobs.entries()) {
      onProgress(index, jobs.length, basename(join(weights, '..')));
      unused[basename(join(weights, '..'))] = await importPart(
        partial,
        weights,
        graphs,
        precision,
        signal,
      );
    }
    const bundle = await describe(from, partial, basename(target), precision);
    await writeFile(join(partial, BUNDLE_FILE), `${JSON.stringify(bundle, null, 2)}\n`);
    await rename(partial, target);
    onProgress(jobs.length, jobs.length, 'done');
    return { bundle, unused };
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

interface PartJob {
  readonly weights: string;
  readonly graphs: Partial<Record<BundlePart, Build>>;
}

function partJobs({ unet, vae, emotionEncoder, predictor, weights }: ExportFolder): PartJob[] {
  const [vaeEncoder, vaeDecoder]: [Build, Build] =
    vae._class_name === 'PatchAutoencoder'
      ? [(graph) => buildPatchEncoder(graph, vae), (graph) => buildPatchDecoder(graph, vae)]
      : [(graph) => buildKLEncoder(graph, vae), (graph) => buildKLDecoder(graph, vae)];
  return [
    { weights: weights('unet'), graphs: { unet: (graph) => buildUNet(graph, unet) } },
    { weights: weights('vae'), graphs: { vaeEncoder, vaeDecoder } },
    {
      weights: weights('emotion_encoder'),
      graphs: { emotionEncoder: (graph) => buildEmotionEncoder(graph, emotionEncoder) },
    },
    {
      weights: weights('predictor'),
      graphs: { predictor: (graph, source) => buildEfficientNetLite(graph, predictor, source) },
    },
  ];
}

async function importPart(
  folder: string,
  weightsPath: string,
  graphs: PartJob['graphs'],
  precision: Precision,
  signal: AbortSignal,
): Promise<string[]> {
  const file = await openSafetensors(weightsPath);
  try {
    const weights = await readWeights(file, signal);
    for (const [part, build] of Object.entries(graphs) as [BundlePart, Build][]) {
      const name = weightsFile(part);
      const sink = await createWeightsFile(join(folder, name), name, precision);
      try {
        const graph = createGraphBuilder(part, weights, sink);
        build(graph, weights);
        await sink.flush();
        await writeFile(join(folder, graphFile(part)), encodeModel(graph.finish()));
      } finally {
        await sink.close();
      }
      signal.throwIfAborted();
    }
    return weights.unused();
  } finally {
    await file.close();
  }
}

async function describe(
  { card, vae, predictor, emotionEncoder, scheduler }: ExportFolder,
  folder: string,
  id: string,
  precision: Precision,
): Promise<Bundle> {
  const parts: BundlePart[] = ['unet', 'vaeEncoder', 'vaeDecoder', 'emotionEncoder', 'predictor'];
  const names = parts.flatMap((part) => [graphFile(part), weightsFile(part)]);
  const { name, version, licence, limits, fast, ...provenance } = card;
  return {
    format: 1,
    id: id.toLowerCase().replace(/[^a-z0-9-]+/g, '-'),
    name,
    version,
    kind: 'emotion-direction',
    licence,
    limits,
    latents: { channels: vae.latent_channels, stride: 8, scalingFactor: vae.scaling_factor },
    workingSize: WORKING_SIZE,
    conditioning: { tokens: emotionEncoder.num_tokens, width: emotionEncoder.token_dim },
    classOrder: predictor.class_order,
    predictor: { inputSize: predictor.input_size, temperature: predictor.temperature },
    scheduler: {
      numTrainTimesteps: scheduler.num_train_timesteps,
      betaSchedule: scheduler.beta_schedule,
      betaStart: scheduler.beta_start,
      betaEnd: scheduler.beta_end,
      predictionType: scheduler.prediction_type,
    },
    ...(fast === undefined ? {} : { fast }),
    precision,
    files: await Promise.all(names.map((file) => digest(folder, file))),
    provenance,
  };
}

async function digest(folder: string, name: string): Promise<Bundle['files'][number]> {
  const bytes = await readFile(join(folder, name));
  return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
