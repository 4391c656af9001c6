import { findBundle } from '../models/bundleStore.ts';
import { type LoadedModelSet, type LoadOptions, loadModelSet } from '../models/loadModelSet.ts';
import { readSceneBank } from '../scene/planner/readSceneBank.ts';
import type { EngineModels } from './engineModels.ts';
import type { SceneBundle } from './sceneStylist.ts';

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
  const folder = await findBundle(name);
  const models = await loadModelSet(folder, options);
  const scene = await sceneOf(folder, models);
  const { fast, acceptance } = models.bundle;
  return {
    models,
    ...(fast === undefined ? {} : { fast }),
    ...(acceptance === undefined ? {} : { acceptance }),
    ...(scene === null ? {} : { scene }),
    provider: models.provider,
    warmUp: () => models.warmUp(),
    release: () => models.release(),
  };
}

/** What a bundle brings for scenes: its networks and its instructions; null where one is missing. */
async function sceneOf(
  folder: string,
  { bundle, scene }: Pick<LoadedModelSet, 'bundle' | 'scene'>,
): Promise<SceneBundle | null> {
  // The other kind keeps sentences for its text encoder in the file of that name.
  if (bundle.scene === undefined || bundle.kind !== 'emotion-direction') return null;
  const known = await readSceneBank(folder);
  return known === null ? null : { ...known, networks: scene(), isDefault: !bundle.content };
}
