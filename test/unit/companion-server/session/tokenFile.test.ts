import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { readToken } from '@emoeditor/companion-server/session/tokenFile.ts';
import { isPairingCode } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
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

  it('replaces a file that holds no code', async () => {
    const path = folder('token');
    await writeFile(path, 'scribble');
    const token = await readToken(path);
    expect((await readFile(path, 'utf8')).trim()).toBe(token);
  });

  it('says where it cannot be kept', async () => {
    await writeFile(folder('file'), '');
    const path = folder('file', 'token');
    await expect(readToken(path)).rejects.toMatchObject({
      code: 'TOKEN_FILE',
      message: expect.stringContaining(path),
    });
  });
});
