import { dirname, resolve } from 'node:path';
import { weightFilesUnder } from '../checkpoint/checkpointFilesIn.ts';
import { fileIn } from './foundNetworks.ts';
import type { ModelSource } from './modelSource.ts';

/**
 * Weights files in a model's folder that were not opened: of components that a bundle does not need, in other formats
 * or variants, and in folders deeper than those searched.
 * @param opened paths of the opened files
 * @returns by file, or by folder where none of its files was opened
 */
export async function unopenedWeights(
  folder: string,
  opened: readonly string[],
): Promise<ModelSource['unused']> {
  const open = new Set(opened.map((file) => resolve(file)));
  const openIn = new Set([resolve(folder), ...Array.from(open, dirname)]);
  const closed = (await weightFilesUnder(resolve(folder))).filter((file) => !open.has(file));
  const titles = closed.map((file) =>
    openIn.has(dirname(file)) ? fileIn(folder, file) : `${fileIn(folder, dirname(file))}/`,
  );
  return Object.fromEntries(titles.map((title) => [title, ['all of it']]));
}
