import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { EvaluationConfig } from '../evaluationConfig.ts';
import { EvaluationError } from '../evaluationError.ts';

/** A photograph of a run, before it is opened. */
export interface PhotographFile {
  readonly name: string;
  readonly path: string;
  /** A picture that is light where people say that the emotion comes from; null where none is given. */
  readonly region: string | null;
  readonly sha256: string;
}

const PICTURE = /\.(jpe?g|png|webp|tiff?|avif)$/i;

/**
 * The photographs of a config: its files, and the pictures of its folders by name.
 * @throws EvaluationError BAD_CONFIG for one that is missing, and for two of one name
 */
export async function photographsOf({
  photographs,
  folder,
  limit,
}: Pick<EvaluationConfig, 'photographs' | 'folder' | 'limit'>): Promise<PhotographFile[]> {
  const found: { readonly path: string; readonly region: string | null }[] = [];
  for (const entry of photographs) {
    const { file, region = null } =
      typeof entry === 'string' ? { file: entry } : { region: null, ...entry };
    const path = resolve(folder, file);
    const drawn = region === null ? null : resolve(folder, region);
    for (const picture of await picturesAt(path)) found.push({ path: picture, region: drawn });
    if (drawn !== null) await expectFile(drawn);
  }
  const chosen = found.slice(0, limit);
  const names = chosen.map(({ path }) => basename(path));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new EvaluationError(
      'BAD_CONFIG',
      `Two photographs are called ${twice}.`,
      'Rename one of them: results are kept under its name.',
    );
  }
  const files: PhotographFile[] = [];
  for (const { path, region } of chosen) {
    const sha256 = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    files.push({ name: basename(path), path, region, sha256 });
  }
  return files;
}

async function picturesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw missing(path);
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => PICTURE.test(name)).sort();
  if (names.length > 0) return names.map((name) => join(path, name));
  throw new EvaluationError(
    'BAD_CONFIG',
    `The folder ${path} has no photographs.`,
    'Give a folder of JPEG, PNG, WebP, TIFF or AVIF files.',
  );
}

async function expectFile(path: string): Promise<void> {
  if ((await stat(path).catch(() => null)) === null) throw missing(path);
}

const missing = (path: string) =>
  new EvaluationError(
    'BAD_CONFIG',
    `The photograph ${path} is not there.`,
    'Correct its place in the config; it is relative to the config’s folder.',
  );
