import { preferenceOf } from '../runtime/chooseProvider.ts';
import type { LoadModels } from './engineModels.ts';
import { loadBundle } from './loadBundle.ts';

/** What the engine's process loads: an installed bundle. */
export const loadModels: LoadModels = (settings) =>
  loadBundle(settings.bundle, preferenceOf(settings));
