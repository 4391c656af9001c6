import { join } from 'node:path';
import type { BundleInfo, ModelSet } from '../pipeline/modelPorts.ts';
import { chooseProvider, type ProviderPreference } from '../runtime/chooseProvider.ts';
import type { InferenceRuntime } from '../runtime/inferenceRuntime.ts';
import type { SceneNetworks } from '../scene/maps/sceneNetworks.ts';
import { type Bundle, graphFor, hasPart, weightsFile } from './bundle.ts';
import { readInstructionLists } from './instructionLists.ts';
import { createInstructionModel } from './instructionModel.ts';
import { createLazySessions } from './lazySessions.ts';
import { ModelError } from './modelError.ts';
import { onnxModels } from './onnxModels.ts';
import { readBundle, verifyBundle } from './readBundle.ts';
import { sceneNetworks } from './sceneModel.ts';
import { createVerifiedFiles } from './verifiedFiles.ts';
import { warmUp } from './warmUp.ts';

export interface LoadOptions extends ProviderPreference {
  readonly signal?: AbortSignal;
  /** Bytes of the bundle compared with their checksums so far, and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A model set and what only its owner needs to know. */
export interface LoadedModelSet extends ModelSet {
  readonly provider: InferenceRuntime['provider'];
  readonly bundle: Bundle;
  /**
   * What looks at scenes.
   * @throws ModelError MODEL_MISSING when the bundle has no such networks
   */
  scene(): SceneNetworks;
  /**
   * Loads every graph of a small bundle now, so that the first edit need not wait for them; see {@link warmUp}.
   */
  warmUp(): Promise<void>;
}

/**
 * Reads a bundle, compares its checksums and chooses a provider. Each graph is loaded when it is first used, so that
 * predicting a picture's emotions needs no UNet in memory; a graph that cannot be loaded rejects with MODEL_FAILED.
 * @throws ModelError MODEL_MISSING, MODEL_CORRUPT, MODEL_FAILED (no provider); the signal's reason
 */
export async function loadModelSet(
  folder: string,
  { signal = new AbortController().signal, onProgress = () => {}, ...preference }: LoadOptions = {},
): Promise<LoadedModelSet> {
  const bundle = await readBundle(folder);
  const { cacheFolder } = preference;
  const verified =
    cacheFolder === undefined ? undefined : createVerifiedFiles(join(cacheFolder, 'verified.json'));
  await verifyBundle(folder, bundle, signal, { onProgress, verified });
  const runtime = await chooseProvider(preference).catch((cause: unknown) => {
    throw failed(folder, cause);
  });
  signal.throwIfAborted();
  const profile = runtime.profile.name;
  const sessions = createLazySessions((part) =>
    runtime
      .open(join(folder, graphFor(bundle, part, profile)), join(folder, weightsFile(part)))
      .catch((cause: unknown) => {
        throw failed(folder, cause);
      }),
  );
  const models = onnxModels(sessions.get, bundle);
  const lists = hasPart(bundle, 'textEncoder') ? await readInstructionLists(folder) : null;
  return {
    ...models,
    ...(lists === null
      ? {}
      : { instructions: createInstructionModel(folder, bundle, lists, sessions) }),
    info: infoOf(bundle),
    provider: runtime.provider,
    bundle,
    scene: () => sceneNetworks(sessions.get, bundle),
    warmUp: () => warmUp(bundle, sessions.get),
    release: sessions.release,
  };
}

/** InstructPix2Pix samples at 512 × 512 (Brooks et al. 2023, edit_cli.py). */
const PUBLISHED_AREA = 512 * 512;

export function infoOf(bundle: Bundle): BundleInfo {
  return {
    id: bundle.id,
    name: bundle.name,
    version: bundle.version,
    kind: bundle.kind,
    latentChannels: bundle.latents.channels,
    workingArea: bundle.workingSize.area,
    sizeMultiple: bundle.workingSize.multiple,
    ...(bundle.kind === 'instruction' ? { publishedArea: PUBLISHED_AREA } : {}),
    content: bundle.content,
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
