import {
  chmod,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { goldenBundle } from '../fakes/checkpoints/madeOnce.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { emoeditor } from './emoeditor.ts';

const at = temporaryFolder();
let photo: string;

beforeAll(async () => {
  photo = at('photo.jpg');
  const create = { width: 300, height: 200, channels: 3, background: '#875' } as const;
  await sharp({ create }).jpeg().toFile(photo);
});

describe('where an edit goes', () => {
  it.each<[string, (out: string) => Promise<string[]> | string[], number, RegExp]>([
    [
      'a symbolic link to the input as output, to be overwritten or not',
      async () => {
        await symlink(photo, at('soft.jpg'));
        return [photo, '-e', 'awe', '-o', at('soft.jpg'), '--overwrite'];
      },
      2,
      /soft\.jpg is the input itself, by another name/,
    ],
    [
      'a hard link to the input as output',
      async () => {
        await link(photo, at('hard.jpg'));
        return [photo, '-e', 'awe', '-o', at('hard.jpg'), '--overwrite'];
      },
      2,
      /hard\.jpg is the input itself, by another name/,
    ],
    [
      'a table in place of the input',
      (out) => [photo, '-e', 'awe', '-o', out, '--cube', photo, '--overwrite'],
      2,
      /photo\.jpg is the input itself/,
    ],
    [
      'a table in place of the result',
      (out) => [photo, '-e', 'awe', '-o', out, '--cube', at('./REFUSED.png'), '--overwrite'],
      2,
      /REFUSED\.png is where the picture goes/,
    ],
    [
      'a folder as output',
      async () => {
        await mkdir(at('folder.png'));
        return [photo, '-e', 'awe', '-o', at('folder.png'), '--overwrite'];
      },
      2,
      /folder\.png is a folder/,
    ],
    [
      'a link that leads nowhere as output',
      async () => {
        await symlink(at('gone.png'), at('dangling.png'));
        return [photo, '-e', 'awe', '-o', at('dangling.png'), '--overwrite'];
      },
      2,
      /dangling\.png is a link that leads nowhere/,
    ],
    [
      'a name of 304 letters',
      () => [photo, '-e', 'awe', '-o', at(`${'n'.repeat(300)}.png`)],
      1,
      /cannot be written: its name is too long/,
    ],
    [
      'a file in a file',
      () => [photo, '-e', 'awe', '-o', join(photo, 'out.png')],
      2,
      /The folder .*photo\.jpg does not exist/,
    ],
  ])('is not %s, which is said before the work', async (_, argsOf, code, sentence) => {
    const before = await readFile(photo);
    const out = at('refused.png');
    // Without a bundle to load, nothing but the check of the names can answer.
    const ended = await emoeditor(['edit', ...(await argsOf(out)), '-b', 'gone']);
    expect(ended.err).toMatch(sentence);
    expect(ended.err).not.toMatch(/\bat .*\.ts:\d+/);
    expect(ended.code).toBe(code);
    expect((await readFile(photo)).equals(before)).toBe(true);
    expect((await readdir(at())).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('says before the work that a folder takes no files', async () => {
    // Even an administrator makes no file among the kernel's.
    const isAdministrator = process.getuid?.() === 0;
    if (isAdministrator && process.platform !== 'linux') return;
    const folder = isAdministrator ? '/sys/kernel' : at('locked');
    if (!isAdministrator) await mkdir(folder, { mode: 0o500 });
    const ended = await emoeditor([
      ...['edit', photo, '-e', 'awe', '-o', join(folder, 'out.png'), '-b', 'gone'],
    ]);
    expect(ended.err).toMatch(/out\.png cannot be written: (permission was denied|the drive)/);
    expect(ended.code).toBe(1);
  });

  it('an output that is replaced keeps its permissions, and what a link leads to is replaced', async () => {
    const [folder, bundle] = [at('replaced'), await goldenBundle()];
    await mkdir(folder);
    const [file, name] = [join(folder, 'file.png'), join(folder, 'name.png')];
    await writeFile(file, 'old');
    await chmod(file, 0o640);
    await symlink(file, name);
    const args = ['edit', photo, '-e', 'awe', '-o', name, '-b', bundle, '--overwrite', '--no-iei'];
    expect((await emoeditor(args)).code).toBe(0);
    expect((await lstat(name)).isSymbolicLink()).toBe(true);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect(await sharp(file).metadata()).toMatchObject({ width: 300, format: 'png' });
    expect((await readdir(folder)).sort()).toEqual(['file.png', 'name.png']);
  });
});
