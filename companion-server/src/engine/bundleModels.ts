import { findBundle } from '../models/bundleStore.ts';
import { loadModelSet } from '../models/loadModelSet.ts';
import { preferenceOf } from '../runtime/chooseProvider.ts';
import type { LoadModels } from './engineModels.ts';

/** The models of an installed bundle. */
export const loadModels: LoadModels = async (settings) => {
  const models = await loadModelSet(await findBundle(settings.bundle), preferenceOf(settings));
  const { fast, acceptance } = models.bundle;
  return {
    models,
    ...(fast === undefined ? {} : { fast }),
    ...(acceptance === undefined ? {} : { acceptance }),
    provider: models.provider,
    release: () => models.release(),
  };
};
