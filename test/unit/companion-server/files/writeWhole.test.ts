import { spawnSync } from 'node:child_process';
import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { expectRoom } from '@emoeditor/companion-server/cli/usableOutput.ts';
import { writeWhole } from '@emoeditor/companion-server/files/writeWhole.ts';
import { type PixelFormat, SRGB_PROFILE } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const at = temporaryFolder('each');

describe('a file written whole', () => {
  it('takes a free name and leaves nothing else', async () => {
    await writeWhole(at('a.txt'), 'whole', { overwrite: false, mode: 0o600 });
    expect(await readFile(at('a.txt'), 'utf8')).toBe('whole');
    if (process.platform !== 'win32') expect((await stat(at('a.txt'))).mode & 0o777).toBe(0o600);
    expect(await readdir(at())).toEqual(['a.txt']);
  });

  it('refuses a name that has been taken meanwhile, also by a link that leads nowhere', async () => {
    await writeFile(at('a.txt'), 'precious');
    await symlink(at('gone'), at('b.txt'));
    for (const name of ['a.txt', 'b.txt']) {
      await expect(writeWhole(at(name), 'new', { overwrite: false })).rejects.toMatchObject({
        code: 'EXISTS',
        message: expect.stringContaining(`${name} exists`),
      });
    }
    expect(await readFile(at('a.txt'), 'utf8')).toBe('precious');
    expect((await readdir(at())).sort()).toEqual(['a.txt', 'b.txt']);
  });

  it.runIf(process.platform === 'linux')(
    'says that there is no room, and keeps what was there',
    async () => {
      await writeFile(at('a.txt'), 'precious');
      // A limit on the size of files ends a write in the middle, as a full disk does.
      const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
      const module = new URL(
        import.meta.resolve('@emoeditor/companion-server/files/writeWhole.ts'),
      );
      const code = `
        const { writeWhole } = await import(${JSON.stringify(module.href)});
        const write = (name) => writeWhole(${JSON.stringify(at())} + '/' + name, new Uint8Array(5e6), { overwrite: true });
        for (const name of ['a.txt', 'b.txt']) await write(name).catch(({ code, message }) => console.log(code, message));
      `;
      const line = 'ulimit -f 1000; exec "$0" --import "$1" --input-type=module -e "$2"';
      const { stdout } = spawnSync('bash', ['-c', line, process.execPath, tsx, code], {
        encoding: 'utf8',
        env: { ...process.env, TSX_DISABLE_CACHE: '1' },
      });
      expect(stdout).toMatch(
        /^NO_ROOM .*a\.txt cannot be written: there is no room.*\nNO_ROOM .*b\.txt/,
      );
      expect(await readFile(at('a.txt'), 'utf8')).toBe('precious');
      expect(await readdir(at())).toEqual(['a.txt']);
    },
  );
});

it('a disk that is too full for the result is told before the work', async () => {
  const format: PixelFormat = {
    width: 4000,
    height: 3000,
    channels: 3,
    sample: 'uint8',
    range: 255,
    profile: SRGB_PROFILE,
  };
  const free = async () => 1e6;
  await expect(expectRoom(at('out.png'), format, free)).rejects.toMatchObject({
    code: 'NO_ROOM',
    message: expect.stringMatching(/out\.png needs 7\.2 MB or more but 1\.0 MB are free there/),
  });
  await expectRoom(at('out.jpg'), format, free);
  await expectRoom(at('out.png'), format);
});
