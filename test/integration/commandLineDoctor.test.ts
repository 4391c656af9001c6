import { join } from 'node:path';
import { proveProviders } from '@emoeditor/companion-server/runtime/chooseProvider.ts';
import { providerObstacle } from '@emoeditor/companion-server/runtime/providerObstacle.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../temporaryFolder.ts';
import { emoeditor } from './emoeditor.ts';

/** Bundles of whoever runs the tests are no part of them; the home folder is read once, when the modules are. */
vi.hoisted(() => {
  vi.stubEnv('HOME', '/nowhere');
  vi.stubEnv('USERPROFILE', '/nowhere');
});
afterEach(() => vi.unstubAllEnvs());

const at = temporaryFolder();
const GOLDEN = join(import.meta.dirname, '../golden/models');

const linesAbout = (out: string, name: string) =>
  out.split('\n').filter((line) => line.includes(`provider ${name}:`));

describe('emoeditor doctor', () => {
  it('names the provider in use, and of every other one why it is not', async () => {
    vi.stubEnv('EMOEDITOR_PROVIDER', undefined);
    const { code, out } = await emoeditor(['doctor']);
    const lines = out.split('\n').filter((line) => line.includes(' provider '));
    const names = (await proveProviders()).map(({ name }) => name);
    expect(lines.map((line) => /provider (\w+):/.exec(line)?.[1])).toEqual(names);
    const first = lines.findIndex((line) => line.startsWith('✓'));
    for (const [index, line] of lines.entries()) {
      expect(line.endsWith('; in use')).toBe(index === first);
      const reason = providerObstacle(names[index] ?? '') ?? '';
      expect(line).toMatch(
        /^(✓ .*: computed the test network correctly in float\d\d|! .*: not used, .)/,
      );
      expect(line).toContain(reason);
    }
    expect(out).toMatch(/^✓ Node \d+/m);
    expect(out).toMatch(/^✓ bundle starter .*checksums match$/m);
    expect(code).toBe(0);
  });

  it('says that a provider which is asked for does not run, and fails', async () => {
    vi.stubEnv('EMOEDITOR_PROVIDER', 'abacus');
    const { code, out, err } = await emoeditor(['doctor']);
    expect(code).toBe(1);
    expect(linesAbout(out, 'abacus')[0]).toMatch(/^✗ .*not used, .{5}/);
    expect(out).not.toContain('; in use');
    expect(err).toContain('1 thing is missing');
  });

  it('is right about the commands: they use that provider or none', async () => {
    vi.stubEnv('EMOEDITOR_PROVIDER', 'abacus');
    const photo = join(import.meta.dirname, '../../studio/public/samples/stream.jpg');
    const edit = ['edit', photo, '--emotion', 'awe', '--out', at('awe.png')];
    for (const command of [edit, ['import', GOLDEN, '--out', at('bundle')]]) {
      const { code, err } = await emoeditor(command);
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('abacus') });
    }
  });

  it('says which one is in use where another than the first is asked for', async () => {
    vi.stubEnv('EMOEDITOR_PROVIDER', 'cpu');
    const { out } = await emoeditor(['doctor']);
    expect(out.match(/; in use$/gm)).toHaveLength(1);
    expect(linesAbout(out, 'cpu')[0]).toMatch(/; in use$/);
  });
});
