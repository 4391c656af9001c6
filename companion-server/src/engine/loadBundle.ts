import { findBundle } from '../models/bundleStore.ts';
import { type LoadedModelSet, type LoadOptions, loadModelSet } from '../models/loadModelSet.ts';
import type { EngineModels } from './engineModels.ts';

export interface LoadedBundle extends EngineModels {
  readonly models: LoadedModelSet;
}

/**
 * The models of a bundle with the settings that it recommends.
 * @param name name of an installed bundle or its folder; null: the starter
 * @throws ModelError MODEL_MISSING, MODEL_CORRUPT, MODEL_FAILED; the signal's reason
 */
export async function loadBundle(
  name: string | null,
  options?: LoadOptions,
): Promise<LoadedBundle> {
  const models = await loadModelSet(await findBundle(name), options);
  const { fast, acceptance } = models.bundle;
  return {
    models,
    ...(fast === undefined ? {} : { fast }),
    ...(acceptance === undefined ? {} : { acceptance }),
    provider: models.provider,
    release: () => models.release(),
  };
}
