import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, statfs, utimes } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';

/** Name of the graph inside an entry; its weights lie beside it. */
export const CACHED_GRAPH = 'graph.onnx';
export const CACHED_WEIGHTS = 'graph.weights';

/** Cache of graphs that the runtime optimised for this machine. */
export interface GraphCache {
  /** The optimised graph's path, or null when there is none. */
  find(key: string): Promise<string | null>;
  /**
   * Lets `write` fill a new folder and keeps it under the key; removes the least recently used entries to make room.
   * @param bytes size that the entry may have at most
   * @returns the optimised graph's path, or null when there is no room for it
   */
  add(key: string, bytes: number, write: (folder: string) => Promise<void>): Promise<string | null>;
  remove(key: string): Promise<void>;
}

/** Bytes that all entries together may take: three models of SD-1.x's size in float32. */
const LIMIT = 14 * 2 ** 30;

export function createGraphCache(folder: string, limit = LIMIT): GraphCache {
  const entry = (key: string) => join(folder, key);
  return {
    async find(key) {
      const path = join(entry(key), CACHED_GRAPH);
      if ((await stat(path).catch(() => null)) === null) return null;
      // Marks the entry as recently used; ignored if the cache is read-only.
      await markUsed(entry(key)).catch(() => {});
      return path;
    },
    async add(key, bytes, write) {
      await mkdir(folder, { recursive: true });
      const { bavail, bsize } = await statfs(folder);
      if (bytes > limit || bytes > bavail * bsize) return null;
      const partial = `${entry(key)}.${process.pid}.partial`;
      try {
        await rm(partial, { recursive: true, force: true });
        await mkdir(partial);
        await write(partial);
        await rm(entry(key), { recursive: true, force: true });
        await rename(partial, entry(key));
      } catch (error) {
        await rm(partial, { recursive: true, force: true });
        throw error;
      }
      // Marked as most recently used before making room, so that it is not the entry removed.
      await markUsed(entry(key));
      await makeRoom(folder, limit);
      return join(entry(key), CACHED_GRAPH);
    },
    remove: (key) => rm(entry(key), { recursive: true, force: true }),
  };
}

async function markUsed(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now);
}

/** Removes what was used longest ago until the rest takes no more than `bytes`. */
async function makeRoom(folder: string, bytes: number): Promise<void> {
  const entries = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      return { path, used: (await stat(path)).mtimeMs, bytes: await sizeOf(path) };
    }),
  );
  let total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  for (const entry of entries.toSorted((a, b) => a.used - b.used)) {
    if (total <= bytes) return;
    await rm(entry.path, { recursive: true, force: true });
    total -= entry.bytes;
  }
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * A key that changes with the graph, its weights, the runtime and the processor, which weight layouts depend on.
 * @param weights file of the graph's external data; its size and date stand for its contents
 */
export async function cacheKey(
  graph: string,
  weights: string,
  runtimeVersion: string,
): Promise<string> {
  const { size, mtimeMs } = await stat(weights);
  return createHash('sha256')
    .update(await readFile(graph))
    .update([resolve(weights), size, mtimeMs, runtimeVersion, cpus()[0]?.model].join('\n'))
    .digest('hex')
    .slice(0, 32);
}
