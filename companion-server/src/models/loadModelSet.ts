import { join } from 'node:path';
import { chooseProvider, type ProviderWish } from '../runtime/chooseProvider.ts';
import type { InferenceRuntime, InferenceSession } from '../runtime/inferenceRuntime.ts';
import { BUNDLE_PARTS, type Bundle, type BundlePart, graphFile } from './bundle.ts';
import { ModelError } from './modelError.ts';
import type { BundleInfo, ModelSet } from './modelPorts.ts';
import { onnxModels } from './onnxModels.ts';
import { readBundle, verifyBundle } from './readBundle.ts';

export interface LoadOptions extends ProviderWish {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A model set and what only its owner needs to know. */
export interface LoadedModelSet extends ModelSet {
  readonly provider: InferenceRuntime['provider'];
  readonly bundle: Bundle;
}

/**
 * Reads a bundle, compares its checksums, chooses a provider and loads the graphs.
 * @throws ModelError MODEL_MISSING, MODEL_CORRUPT, MODEL_FAILED; the signal's reason
 */
export async function loadModelSet(
  folder: string,
  { signal = new AbortController().signal, onProgress = () => {}, ...wish }: LoadOptions = {},
): Promise<LoadedModelSet> {
  const bundle = await readBundle(folder);
  await verifyBundle(folder, bundle, signal);
  const runtime = await chooseProvider(wish).catch((cause: unknown) => {
    throw failed(folder, cause);
  });
  const sessions = new Map<BundlePart, InferenceSession>();
  const release = async () => {
    for (const session of sessions.values()) await session.release();
    sessions.clear();
  };
  try {
    for (const [index, part] of BUNDLE_PARTS.entries()) {
      signal.throwIfAborted();
      onProgress(index, BUNDLE_PARTS.length);
      sessions.set(
        part,
        await runtime.open(join(folder, graphFile(part))).catch((cause: unknown) => {
          throw failed(folder, cause);
        }),
      );
    }
  } catch (error) {
    await release();
    throw error;
  }
  onProgress(BUNDLE_PARTS.length, BUNDLE_PARTS.length);
  const models = onnxModels(
    (part) => sessions.get(part) as InferenceSession,
    bundle.predictor.inputSize,
  );
  return { ...models, info: infoOf(bundle), provider: runtime.provider, bundle, release };
}

export function infoOf(bundle: Bundle): BundleInfo {
  return {
    id: bundle.id,
    name: bundle.name,
    version: bundle.version,
    kind: bundle.kind,
    latentChannels: bundle.latents.channels,
    workingArea: bundle.workingSize.area,
    sizeMultiple: bundle.workingSize.multiple,
    licence: bundle.licence,
    limits: bundle.limits.join(' '),
  };
}

const failed = (folder: string, cause: unknown) =>
  new ModelError(
    'MODEL_FAILED',
    `The models in ${folder} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
    'Run “emoeditor doctor”; it says which providers work on this machine.',
    cause,
  );
