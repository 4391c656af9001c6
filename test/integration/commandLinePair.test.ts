import { createPairings } from '@emoeditor/companion-server/session/pairings.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { PAIRING } from '../fakes/introduceTo.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { emoeditor } from './emoeditor.ts';

const at = temporaryFolder('each');
afterEach(() => void vi.unstubAllEnvs());

async function paired() {
  const path = at('pairings.json');
  vi.stubEnv('EMOEDITOR_PAIRINGS', path);
  const pairings = createPairings(path);
  await pairings.add(PAIRING, 'EmoEditor panel 0.1.0');
  await pairings.add({ ...PAIRING, id: 'fedcba9876543210' }, 'browser');
  return pairings;
}

describe('emoeditor pair', () => {
  it('lists what is paired with its age, and no key', async () => {
    await paired();
    const { out, code } = await emoeditor(['pair']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^0123456789abcdef {2}EmoEditor panel 0\.1\.0, paired \d{4}-\d\d-\d\d, last used \d{4}-\d\d-\d\d$/m,
    );
    expect(out).not.toMatch(/[0-9a-f]{32}/);
  });

  it('--revoke forgets one, then all', async () => {
    const pairings = await paired();
    expect((await emoeditor(['pair', '--revoke', PAIRING.id])).out).toBe('1 pairing revoked.');
    expect((await pairings.list()).map(({ id }) => id)).toEqual(['fedcba9876543210']);
    const again = await emoeditor(['pair', '--revoke', PAIRING.id]);
    expect(again).toMatchObject({ code: 2, err: expect.stringContaining('There is no pairing') });
    expect((await emoeditor(['pair', '--revoke'])).out).toBe('1 pairing revoked.');
    expect((await emoeditor(['pair'])).out).toBe('Nothing is paired.');
  });
});
