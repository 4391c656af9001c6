import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { readText } from '../../files/readText.ts';
import { ImportError } from '../importError.ts';
import type { Checkpoint } from './checkpoint.ts';

/** `*.index.json` of transformers and diffusers; file names only, so that no index leads out of its folder. */
const indexSchema = z.object({
  weight_map: z.record(z.string(), z.string().regex(/^[^/\\]+$/, 'a plain file name')),
});

/**
 * A checkpoint in several files, by its index.
 * @param openOne opens one of them
 * @throws ImportError BAD_CONFIG (index), MISSING_FILE, MISSING_TENSOR, and what `openOne` throws
 */
export async function openSharded(
  path: string,
  openOne: (path: string) => Promise<Checkpoint>,
): Promise<Checkpoint> {
  const index = await readIndex(path);
  const shards = new Map<string, Checkpoint>();
  const close = async () => {
    for (const shard of shards.values()) await shard.close();
  };
  try {
    for (const file of new Set(Object.values(index))) {
      shards.set(file, await openOne(join(dirname(path), file)));
    }
    const shapes = new Map<string, readonly number[]>();
    const of = (name: string): Checkpoint => {
      const shard = shards.get(index[name] ?? '');
      if (shard === undefined) throw new RangeError(`No tensor ${name} in ${path}.`);
      return shard;
    };
    for (const [name, file] of Object.entries(index)) {
      const shape = of(name).shapes.get(name);
      if (shape === undefined) throw notInShard(name, file, path);
      shapes.set(name, shape);
    }
    return {
      path,
      files: [...shards.values()].flatMap((shard) => shard.files),
      shapes,
      aside: [...shards].flatMap(([file, { shapes: there, aside = [] }]) => [
        ...[...there.keys()].filter((name) => index[name] !== file),
        ...aside,
      ]),
      typeOf: (name) => of(name).typeOf(name),
      placeOf: (name) => of(name).placeOf(name),
      read: async (name) => of(name).read(name),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Files that an index names, in its folder. @throws ImportError MISSING_FILE, BAD_CONFIG */
export const shardsOf = async (path: string): Promise<ReadonlySet<string>> =>
  new Set(Object.values(await readIndex(path)));

async function readIndex(path: string): Promise<Record<string, string>> {
  const text = await readText(path).catch((cause: unknown) => {
    throw new ImportError('MISSING_FILE', `${path} cannot be opened.`, 'Check the path.', cause);
  });
  try {
    const { weight_map } = indexSchema.parse(JSON.parse(text));
    return weight_map;
  } catch (cause) {
    throw new ImportError(
      'BAD_CONFIG',
      `${basename(path)} is no index of a checkpoint in several files: expected {"weight_map": {tensor: file}}.`,
      'Copy or download it again.',
      cause,
    );
  }
}

const notInShard = (name: string, file: string, path: string) =>
  new ImportError(
    'MISSING_TENSOR',
    `Expected the tensor ${name} in ${file}, where ${basename(path)} says it is, but it is not there.`,
    'The files do not belong together: download them again.',
  );
