import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporaryFolder.ts';
import { emoeditor } from './emoeditor.ts';

const at = temporaryFolder();
const COMMANDS = [
  'edit',
  'batch',
  'serve',
  'scene',
  'import',
  'models',
  'doctor',
  'pair',
  'journal',
];
/** Words of the libraries below, which say nothing to a photographer. */
const OTHERS_WORDS =
  /vips|invalid input|expected (string|number|object), received|zod|libspng|\bat .*\.ts:\d/i;

describe('the words of the command line', () => {
  it.each(COMMANDS)('%s --help names no default that is no value', async (command) => {
    const { out } = await emoeditor([command, '--help']);
    expect(out).toContain(`emoeditor ${command}`);
    expect(out).not.toMatch(/\(default: 1\)/);
  });

  it.each([
    ['serve', '--port', ''],
    ['serve', '--port', 'x'],
    ['serve', '--threads', ''],
    ['edit', 'photo.jpg', '-e', 'awe', '-o', 'x.png', '-i', ''],
    ['edit', 'photo.jpg', '-e', 'awe', '-o', 'x.png', '-s', ''],
  ])('%s %s %s %s %s %s %s is refused before anything starts', async (...args) => {
    const { code, err } = await emoeditor(args.filter((arg) => arg !== undefined));
    expect(code).not.toBe(0);
    expect(err).toMatch(/Give a whole number|Give 0 to 150/);
    expect(err).not.toMatch(OTHERS_WORDS);
  });

  const picture = { width: 64, height: 64, channels: 3, background: '#777' } as const;
  it.each(['png', 'jpeg', 'webp', 'tiff'] as const)(
    'a %s that breaks off is told in our words',
    async (format) => {
      const whole = await sharp({
        create: { ...picture, noise: { type: 'gaussian', mean: 99, sigma: 30 } },
      })
        .toFormat(format)
        .toBuffer();
      const path = at(`broken.${format}`);
      await writeFile(path, whole.subarray(0, Math.floor(whole.length / 2)));
      const { code, err } = await emoeditor(['edit', path, '-e', 'awe', '-o', at('out.png')]);
      expect(code).not.toBe(0);
      expect(err).toContain(`broken.${format}`);
      expect(err).not.toMatch(OTHERS_WORDS);
    },
  );

  it('a bundle whose description is wrong is told by its field', async () => {
    await writeFile(at('bundle.json'), JSON.stringify({ format: 'x', id: 7 }));
    const { code, err } = await emoeditor([
      'edit',
      'photo.jpg',
      '-e',
      'awe',
      '-o',
      at('o.png'),
      '-b',
      at(),
    ]);
    expect(code).not.toBe(0);
    expect(err).not.toMatch(OTHERS_WORDS);
  });
});
