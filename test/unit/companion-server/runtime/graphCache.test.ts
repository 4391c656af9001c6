import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHED_GRAPH, createGraphCache } from '@emoeditor/companion-server/runtime/graphCache.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const folder = temporaryFolder('each');

const graphOf = (bytes: number) => (into: string) =>
  writeFile(join(into, CACHED_GRAPH), new Uint8Array(bytes));

describe('createGraphCache', () => {
  it('finds what was added, and nothing before', async () => {
    const cache = createGraphCache(folder());
    expect(await cache.find('a')).toBeNull();
    const path = await cache.add('a', 10, graphOf(10));
    expect(path).toBe(folder('a', CACHED_GRAPH));
    expect(await cache.find('a')).toBe(path);
    await cache.remove('a');
    expect(await cache.find('a')).toBeNull();
  });

  it('keeps nothing of an entry whose writing failed', async () => {
    const cache = createGraphCache(folder());
    const failing = cache.add('a', 10, async (into) => {
      await graphOf(5)(into);
      throw new Error('disk full');
    });
    await expect(failing).rejects.toThrow('disk full');
    expect(await readdir(folder())).toEqual([]);
  });

  it('lets what was used longest ago go when the limit is reached', async () => {
    const cache = createGraphCache(folder(), 100);
    for (const [key, when] of [
      ['old', 1000],
      ['new', 2000],
    ] as const) {
      await cache.add(key, 40, graphOf(40));
      await utimes(folder(key), when, when);
    }
    await cache.find('old');
    await cache.add('third', 40, graphOf(40));
    expect((await readdir(folder())).sort()).toEqual(['old', 'third']);
  });

  it('refuses what is larger than all it may hold', async () => {
    expect(await createGraphCache(folder(), 100).add('a', 101, graphOf(101))).toBeNull();
  });
});
