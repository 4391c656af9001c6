import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { createPairings } from '@emoeditor/companion-server/session/pairings.ts';
import { bytesToHex } from '@emoeditor/shared';
import { describe, expect, it, vi } from 'vitest';
import { PAIRING } from '../../../fakes/introduceTo.ts';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const folder = temporaryFolder('each');
const DAY = 24 * 60 * 60_000;
const OTHER = { ...PAIRING, id: 'fedcba9876543210' };

describe('pairings', () => {
  it('are kept for the next start, for their user alone', async () => {
    const path = folder('deep', 'pairings.json');
    const pairings = createPairings(path);
    expect(await pairings.find(PAIRING.id)).toBeNull();
    await pairings.add(PAIRING, 'panel 1');
    expect(await createPairings(path).find(PAIRING.id)).toEqual(PAIRING.key);
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder('deep'))).toEqual(['pairings.json']);
  });

  it('end when they are revoked, also by another process, one or all', async () => {
    const path = folder('pairings.json');
    const [server, command] = [createPairings(path), createPairings(path)];
    await server.add(PAIRING, 'panel');
    await server.add(OTHER, 'browser');
    expect(await command.revoke(PAIRING.id)).toBe(1);
    expect(await server.find(PAIRING.id)).toBeNull();
    expect(await server.find(OTHER.id)).toEqual(OTHER.key);
    expect(await command.revoke()).toBe(1);
    expect(await server.list()).toEqual([]);
  });

  it('end when they were not used for ninety days, and tell when they were', async () => {
    let now = 1000 * DAY;
    const pairings = createPairings(null, SILENT, () => now);
    await pairings.add(PAIRING, 'panel');
    now += 80 * DAY;
    expect(await pairings.find(PAIRING.id)).toEqual(PAIRING.key);
    expect(await pairings.list()).toMatchObject([{ made: 1000 * DAY, used: 1080 * DAY }]);
    now += 89 * DAY;
    expect(await pairings.list()).toHaveLength(1);
    now += 2 * DAY;
    expect(await pairings.find(PAIRING.id)).toBeNull();
  });

  it('get a new key after thirty days; the old one ends when the new one is used', async () => {
    let now = 1000 * DAY;
    const pairings = createPairings(null, SILENT, () => now);
    await pairings.add(PAIRING, 'panel');
    now += 29 * DAY;
    expect(await pairings.renew(PAIRING.id, OTHER)).toBe(false);
    now += 2 * DAY;
    expect(await pairings.renew(PAIRING.id, OTHER)).toBe(true);
    expect(await pairings.renew(PAIRING.id, { ...OTHER, id: '00112233445566aa' })).toBe(false);
    expect(await pairings.find(PAIRING.id)).toEqual(PAIRING.key);
    expect(await pairings.find(OTHER.id)).toEqual(OTHER.key);
    expect(await pairings.find(PAIRING.id)).toBeNull();
    expect(await pairings.list()).toMatchObject([{ id: OTHER.id, client: 'panel', made: now }]);
  });

  it('end with the key that follows on them when they are revoked', async () => {
    let now = 1000 * DAY;
    const pairings = createPairings(null, SILENT, () => now);
    await pairings.add(PAIRING, 'panel');
    now += 31 * DAY;
    await pairings.renew(PAIRING.id, OTHER);
    expect(await pairings.revoke(PAIRING.id)).toBe(2);
    expect(await pairings.find(OTHER.id)).toBeNull();
  });

  it('are at most 64: the one used longest ago goes', async () => {
    let now = 0;
    const pairings = createPairings(null, SILENT, () => now);
    for (now = 0; now < 65; now++) {
      await pairings.add({ ...PAIRING, id: String(now).padStart(16, '0') }, 'panel');
    }
    const ids = (await pairings.list()).map(({ id }) => Number(id));
    expect(ids).toHaveLength(64);
    expect(ids).not.toContain(0);
  });

  it.each(['scribble', '', '[{"id":"x"}]'])(
    'are put aside when they are damaged (“%s”)',
    async (text) => {
      const path = folder('pairings.json');
      await writeFile(path, text);
      const log = { ...SILENT, warn: vi.fn() };
      const pairings = createPairings(path, log);
      expect(await pairings.list()).toEqual([]);
      expect(await readFile(`${path}.damaged`, 'utf8')).toBe(text);
      expect(log.warn).toHaveBeenCalledWith({ file: path }, expect.stringContaining('pair'));
      await pairings.add(PAIRING, 'panel');
      expect(await createPairings(path).find(PAIRING.id)).toEqual(PAIRING.key);
    },
  );

  it('last as long as the server where they cannot be kept, which is said', async () => {
    await writeFile(folder('file'), '');
    const log = { ...SILENT, warn: vi.fn() };
    const pairings = createPairings(folder('file', 'pairings.json'), log);
    await pairings.add(PAIRING, 'panel');
    expect(await pairings.find(PAIRING.id)).toEqual(PAIRING.key);
    expect(log.warn).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(log.warn.mock.calls)).not.toContain(bytesToHex(PAIRING.key));
  });
});
