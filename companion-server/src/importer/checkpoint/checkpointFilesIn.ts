import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const ENDINGS = /\.(pt|pth|ckpt|bin|safetensors)$/;

/** Checkpoint files in a folder and in the folders right in it, in the order of their names. */
export async function checkpointFilesIn(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      for (const name of await readdir(path)) if (ENDINGS.test(name)) files.push(join(path, name));
    } else if (ENDINGS.test(entry.name)) {
      files.push(path);
    }
  }
  return files.sort();
}
