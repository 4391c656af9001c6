import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { shardsOf } from './shardedCheckpoint.ts';

const ENDINGS = /\.(pt|pth|ckpt|bin|safetensors)$/;
const INDEX = /\.(bin|safetensors)\.index(\.\w+)?\.json$/;

/** Files of weights anywhere under a folder, in the order of their names. */
export const weightFilesUnder = (folder: string): Promise<string[]> =>
  filesIn(folder, ENDINGS, Number.POSITIVE_INFINITY);

/**
 * Checkpoints in a folder and in the folders right in it, in the order of their names: files of weights, and the index
 * of those that are shards of one. An index without its shards is ignored: the weights are there in another format.
 * @throws ImportError BAD_CONFIG (index)
 */
export async function checkpointFilesIn(folder: string): Promise<string[]> {
  const files = new Set(await filesIn(folder, ENDINGS, 1));
  const indices: string[] = [];
  for (const index of await filesIn(folder, INDEX, 1)) {
    const shards = Array.from(await shardsOf(index), (name) => join(dirname(index), name));
    if (shards.filter((shard) => files.delete(shard)).length > 0) indices.push(index);
  }
  return [...files, ...indices].sort();
}

/** @param depth levels of subfolders searched; symbolic links to folders are not followed, because they may be cyclic */
async function filesIn(folder: string, names: RegExp, depth: number): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) files.push(...(names.test(entry.name) ? [path] : []));
    else if (depth > 0) files.push(...(await filesIn(path, names, depth - 1)));
  }
  return files.sort();
}
