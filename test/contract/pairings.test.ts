import { mkdir } from 'node:fs/promises';
import { createPairings, type Pairings } from '@emoeditor/companion-server/session/pairings.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporaryFolder.ts';

const folder = temporaryFolder('each');
const DAY_MS = 24 * 60 * 60_000;
const key = (fill: number) => ({
  id: String(fill).repeat(16),
  key: new Uint8Array(32).fill(fill),
});

type Create = (now?: () => number) => Promise<Pairings>;

/** Kept in a file, in memory alone, and where the file cannot be written. */
const STORES: ReadonlyArray<readonly [string, Create]> = [
  ['in a file', async (now) => createPairings(folder('pairings.json'), undefined, now)],
  ['in memory', async (now) => createPairings(null, undefined, now)],
  [
    'where no file can be written',
    async (now) => {
      await mkdir(folder('pairings.json'));
      return createPairings(folder('pairings.json'), undefined, now);
    },
  ],
];

describe.each(STORES)('the paired keys: %s', (_name, create) => {
  it('finds those that were added, by their id', async () => {
    const pairings = await create();
    expect(await pairings.find(key(1).id)).toBeNull();
    await pairings.add(key(1), 'panel 1.0');
    await pairings.add(key(2), 'browser');
    expect(await pairings.find(key(1).id)).toEqual(key(1).key);
    expect((await pairings.list()).map(({ client }) => client).sort()).toEqual([
      'browser',
      'panel 1.0',
    ]);
  });

  it('revokes one, or all, and says how many', async () => {
    const pairings = await create();
    for (const fill of [1, 2, 3]) await pairings.add(key(fill), 'panel');
    expect(await pairings.revoke(key(2).id)).toBe(1);
    expect(await pairings.revoke(key(2).id)).toBe(0);
    expect(await pairings.find(key(2).id)).toBeNull();
    expect(await pairings.find(key(3).id)).toEqual(key(3).key);
    expect(await pairings.revoke()).toBe(2);
    expect(await pairings.list()).toEqual([]);
  });

  it('loses no change when several are made at once', async () => {
    const pairings = await create();
    await Promise.all([1, 2, 3, 4].map((fill) => pairings.add(key(fill), `panel ${fill}`)));
    expect(await pairings.list()).toHaveLength(4);
  });

  it('ends what was not used for ninety days; use begins them anew', async () => {
    let now = 0;
    const pairings = await create(() => now);
    await pairings.add(key(1), 'used');
    await pairings.add(key(2), 'unused');
    now = 89 * DAY_MS;
    expect(await pairings.find(key(1).id)).toEqual(key(1).key);
    now = 91 * DAY_MS;
    expect((await pairings.list()).map(({ client }) => client)).toEqual(['used']);
    expect(await pairings.find(key(2).id)).toBeNull();
  });
});
