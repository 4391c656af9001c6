import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { readToken } from '@emoeditor/companion-server/session/tokenFile.ts';
import { isPairingCode } from '@emoeditor/shared';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const folder = temporaryFolder('each');

describe('pairing token', () => {
  it('is made once and kept', async () => {
    const path = folder('deep', 'token');
    const token = await readToken(path);
    expect(isPairingCode(token)).toBe(true);
    expect(await readToken(path)).toBe(token);
  });

  it('differs from user to user', async () => {
    const tokens = await Promise.all(['a', 'b', 'c'].map((name) => readToken(folder(name))));
    expect(new Set(tokens).size).toBe(3);
  });

  it.skipIf(process.platform === 'win32')('can be read by its user alone', async () => {
    const path = folder('token');
    await readToken(path);
    await chmod(path, 0o644);
    await readToken(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each(['scribble', ''])(
    'puts a file aside that holds “%s” and no code, and says so',
    async (text) => {
      const path = folder('token');
      await writeFile(path, text);
      const log = { ...SILENT, warn: vi.fn() };
      const token = await readToken(path, log);
      expect((await readFile(path, 'utf8')).trim()).toBe(token);
      expect(await readFile(`${path}.damaged`, 'utf8')).toBe(text);
      expect(log.warn).toHaveBeenCalledWith({ file: path }, expect.stringContaining('pair'));
      expect(await readdir(folder())).toHaveLength(2);
    },
  );

  it('is one for this start where it cannot be kept, which is said', async () => {
    await writeFile(folder('file'), '');
    const path = folder('file', 'token');
    const log = { ...SILENT, warn: vi.fn() };
    const token = await readToken(path, log);
    expect(isPairingCode(token)).toBe(true);
    expect(log.warn).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(log.warn.mock.calls)).not.toContain(token);
  });
});
