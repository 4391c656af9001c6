import { findBundle } from '../models/bundleStore.ts';
import { loadModelSet } from '../models/loadModelSet.ts';
import type { LoadModels } from './engineModels.ts';

/** The models of an installed bundle. */
export const loadModels: LoadModels = async ({ bundle, threads, provider, cacheFolder }) => {
  const models = await loadModelSet(await findBundle(bundle), {
    cacheFolder,
    ...(threads === null ? {} : { threads }),
    ...(provider === null ? {} : { provider }),
  });
  const { fast } = models.bundle;
  return {
    models,
    ...(fast === undefined ? {} : { fast }),
    provider: models.provider,
    release: () => models.release(),
  };
};
