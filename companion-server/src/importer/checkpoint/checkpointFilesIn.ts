import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { shardsOf } from './shardedCheckpoint.ts';

const ENDINGS = /\.(pt|pth|ckpt|bin|safetensors)$/;
const INDEX = /\.(bin|safetensors)\.index(\.\w+)?\.json$/;

/** Files of weights in a folder and in the folders right in it, in the order of their names. */
export const weightFilesIn = (folder: string): Promise<string[]> => filesIn(folder, ENDINGS);

/**
 * Checkpoints in a folder and in the folders right in it, in the order of their names: files of weights, and the index
 * of those that are shards of one. An index without any of its shards came along with weights in another format.
 * @throws ImportError BAD_CONFIG (index)
 */
export async function checkpointFilesIn(folder: string): Promise<string[]> {
  const files = new Set(await weightFilesIn(folder));
  const indices: string[] = [];
  for (const index of await filesIn(folder, INDEX)) {
    const shards = Array.from(await shardsOf(index), (name) => join(dirname(index), name));
    if (shards.filter((shard) => files.delete(shard)).length > 0) indices.push(index);
  }
  return [...files, ...indices].sort();
}

async function filesIn(folder: string, names: RegExp): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const inside = entry.isDirectory() ? await readdir(path) : [];
    const here = entry.isDirectory() ? inside.map((name) => join(path, name)) : [path];
    files.push(...here.filter((file) => names.test(basename(file))));
  }
  return files.sort();
}
