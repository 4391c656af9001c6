import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type ImportOptions,
  importBundle,
} from '@emoeditor/companion-server/importer/importBundle.ts';
import { writeExport } from './publishedModels.ts';

/** Set by vitest.config.ts; the folder is removed when the tests are over. */
declare const BUNDLE_FOLDER: string;

export const GOLDEN_MODELS = join(import.meta.dirname, '../../golden/models');
export const PREDICTOR = join(GOLDEN_MODELS, 'predictor');
/** For imports of the small model, which has no predictor of its own. */
export const float32 = { precision: 'float32', predictor: PREDICTOR } satisfies ImportOptions;

/** sha256 by name. */
export const sums = (files: readonly { name: string; sha256: string }[]) =>
  Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256]));

/**
 * A folder that the first test of a run that asks for it makes, and that is the same for all others: an import takes a
 * second of a processor. It is named “tiny”, as which bundles take their id. Nobody may change what is in it.
 */
async function madeOnce(name: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  const all = fileURLToPath(new URL('fixtures/', BUNDLE_FOLDER));
  const folder = join(all, name);
  const made = join(folder, 'tiny');
  if (existsSync(folder)) return made;
  await mkdir(all, { recursive: true });
  const own = await mkdtemp(join(all, 'making-'));
  await make(join(own, 'tiny'));
  // Another worker may have been quicker with the same.
  await rename(own, folder).catch(async (error) => {
    if (!existsSync(folder)) throw error;
    await rm(own, { recursive: true, force: true });
  });
  return made;
}

/** The real architecture at a few channels with random weights, as a bundle. */
export const goldenBundle = (precision: 'default' | 'float16' = 'default'): Promise<string> =>
  madeOnce(`golden-${precision}`, (folder) =>
    importBundle(GOLDEN_MODELS, folder, precision === 'default' ? {} : { precision }),
  );

/** The export folder of the small model. */
export const smallExport = (): Promise<string> =>
  madeOnce('small-export', (folder) => writeExport(folder, PREDICTOR));

/** The bundle of the small model's export, in float32. */
export const smallBundle = (): Promise<string> =>
  madeOnce('small-bundle', async (folder) => importBundle(await smallExport(), folder, float32));
