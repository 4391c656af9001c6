import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { userFolders } from '../userFolders.ts';
import { BUNDLE_FILE, type Bundle } from './bundle.ts';
import { ModelError } from './modelError.ts';
import { readBundle } from './readBundle.ts';

/** Folder of the bundles that come with the product. */
export const EMBEDDED_BUNDLES = fileURLToPath(new URL('../../../models', import.meta.url));
/** Folder of the bundles that the user imported. */
export const USER_BUNDLES = join(userFolders().data, 'models');
/** Where version 0.1 put them; still read, never written. */
const FORMER_USER_BUNDLES = join(homedir(), '.emoeditor', 'models');
const BUNDLE_FOLDERS = [EMBEDDED_BUNDLES, USER_BUNDLES, FORMER_USER_BUNDLES];
export const DEFAULT_BUNDLE = 'starter';

export interface BundleEntry {
  readonly name: string;
  readonly folder: string;
  /** The bundle, or why it cannot be used. */
  readonly state: { readonly bundle: Bundle } | { readonly error: ModelError };
}

/** All bundles in some folders, in the folders' order and by name; folders that do not exist hold none. */
export async function listBundles(
  folders: readonly string[] = BUNDLE_FOLDERS,
): Promise<BundleEntry[]> {
  const entries: BundleEntry[] = [];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.sort()) {
      if (await isBundle(join(folder, name))) entries.push(await entryOf(name, join(folder, name)));
    }
  }
  return entries;
}

/**
 * The folder of a bundle given by name or by path; the starter when nothing is given.
 * @throws ModelError MODEL_MISSING listing the names that there are
 */
export async function findBundle(
  wanted: string | null = null,
  folders: readonly string[] = BUNDLE_FOLDERS,
): Promise<string> {
  const name = wanted ?? DEFAULT_BUNDLE;
  const candidates = [...folders.map((folder) => join(folder, name)), resolve(name)];
  for (const folder of candidates) if (await isBundle(folder)) return folder;
  const known = (await listBundles(folders)).map((entry) => entry.name).join(', ');
  throw new ModelError(
    'MODEL_MISSING',
    `There is no model bundle “${name}”.`,
    known === ''
      ? 'No bundle is installed: restore the folder models/starter from the repository.'
      : `Installed: ${known}. Or give the path of a bundle's folder.`,
  );
}

async function entryOf(name: string, folder: string): Promise<BundleEntry> {
  try {
    return { name, folder, state: { bundle: await readBundle(folder) } };
  } catch (error) {
    if (error instanceof ModelError) return { name, folder, state: { error } };
    throw error;
  }
}

/** Is there a `bundle.json`? */
export const isBundle = (folder: string): Promise<boolean> =>
  stat(join(folder, BUNDLE_FILE)).then(
    (found) => found.isFile(),
    () => false,
  );
