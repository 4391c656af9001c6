import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../temporaryFolder.ts';
import { emoeditor } from './emoeditor.ts';

const at = temporaryFolder('each');
afterEach(() => void vi.unstubAllEnvs());

describe('emoeditor journal', () => {
  it('says how much there is, and wipes it when asked', async () => {
    vi.stubEnv('EMOEDITOR_JOURNAL', at('journal'));
    await mkdir(at('journal', '8765', 'one'), { recursive: true });
    await writeFile(at('journal', '8765', 'one', 'order'), new Uint8Array(250_000));
    await writeFile(at('journal', '8765', 'one', 'end'), new Uint8Array(50_000));
    expect((await emoeditor(['journal'])).out).toBe(`${at('journal')}: 1 edit, 0.3 MB`);
    expect((await emoeditor(['journal', '--wipe'])).out).toContain('Wiped');
    expect(await readdir(at())).toEqual([]);
    expect((await emoeditor(['journal'])).out).toContain('0 edits, 0.0 MB');
  });

  it('says that none is kept where it is off', async () => {
    vi.stubEnv('EMOEDITOR_JOURNAL', 'off');
    expect((await emoeditor(['journal', '--wipe'])).out).toContain('No journal');
  });
});
