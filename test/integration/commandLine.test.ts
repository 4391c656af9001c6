import { access, cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBundle } from '@emoeditor/companion-server/models/readBundle.ts';
import { chooseProvider } from '@emoeditor/companion-server/runtime/chooseProvider.ts';
import { readPsd } from 'ag-psd';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { goldenBundle } from '../fakes/checkpoints/madeOnce.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { emoeditor, emoeditorProcess } from './emoeditor.ts';

const GOLDEN = join(import.meta.dirname, '../golden/models');

/** For what no second iteration adds to: random weights are never accepted, so that every other edit runs all of them. */
const ONCE = '--no-iei';

const at = temporaryFolder();
/** An edit that two tests make alike. */
const SEEDED = ['edit', '-e', 'awe', '-s', '7', ONCE];
let bundle: string;
let photo: string;

/** Real networks at a few channels with random weights: everything runs, only the taste is missing. */
beforeAll(async () => {
  bundle = await goldenBundle();
  photo = at('photo.jpg');
  const pixels = Buffer.alloc(900 * 600 * 3);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [Math.floor(i / 3) % 900, Math.floor(i / 2700)];
    pixels[i] = 128 + 90 * Math.sin(x / 40 + (i % 3)) * Math.cos(y / 30) + ((x * y) % 7);
  }
  const raw = { width: 900, height: 600, channels: 3 } as const;
  await sharp(pixels, { raw }).jpeg({ quality: 92 }).toFile(photo);
});

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe('emoeditor edit', () => {
  it('a photograph in, an edited photograph of the same size out, with the reading before and after', async () => {
    const out = at('awe.png');
    const ended = await emoeditorProcess([...SEEDED, photo, '-o', out, '-b', bundle]);
    expect(ended.err).toMatch(/iteration 1: P\(awe\) 0\.\d\d, SSIM/);
    expect(ended.out).toMatch(/▸ awe +\d+ % {2}→ +\d+ %/);
    expect(ended.out).toMatch(/\d+ UNet evaluations/);
    expect(ended.code).toBe(0);
    expect(await sharp(out).metadata()).toMatchObject({ width: 900, height: 600, format: 'png' });
  });

  it('a PSD out holds the photograph and the edit above it, as a group on request; a PSD in keeps its layers', async () => {
    const [first, second, table] = [at('fear.psd'), at('joy.psd'), at('grade.cube')];
    const made = await emoeditor([
      ...['edit', photo, '-e', 'fear', '-o', first, '-b', bundle, '--result', 'group'],
      ...['--cube', table, ONCE],
    ]);
    const layersIn = (file: Buffer) =>
      readPsd(file, {
        skipLayerImageData: true,
        skipCompositeImageData: true,
        skipThumbnail: true,
      }).children;
    const file = await readFile(first);
    const layers = layersIn(file);
    expect(layers?.map(({ name }) => name)).toEqual(['Background', 'Fear · 100 %']);
    expect(layers?.[1]?.children?.map(({ name }) => name)).toEqual(['Grade', 'Content']);
    // The note in the metadata.
    expect(file.includes('compositeWithTrainedAlgorithmicMedia')).toBe(true);
    // Random weights change every place differently: one table cannot do their work.
    expect(await exists(table)).toBe(made.code === 0);
    if (made.code !== 0) expect(made.err).toMatch(/grade\.cube was not written: the grade differs/);
    const again = await emoeditor([
      ...['edit', first, '-e', 'contentment', '-i', '60', '-l', 'Background', '-o', second],
      ...['-b', bundle, '--json', ONCE],
    ]);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({ layerName: 'Contentment · 60 %' });
    const names = layersIn(await readFile(second))?.map(({ name }) => name);
    expect(names).toEqual(['Background', 'Fear · 100 %', 'Contentment · 60 %']);
  });

  it('intensity 0 gives every pixel back', async () => {
    const [source, out] = [at('plain.png'), at('zero.png')];
    await sharp(photo).png().toFile(source);
    const ended = await emoeditor([
      ...['edit', source, '-e', 'anger', '-i', '0', '-o', out, '-b', bundle, ONCE],
    ]);
    expect(ended.code).toBe(0);
    const pixels = (path: string) => sharp(path).removeAlpha().raw().toBuffer();
    expect((await pixels(out)).equals(await pixels(source))).toBe(true);
  });

  it('the same seed gives the same file, as another process made it', async () => {
    const ended = await emoeditor([...SEEDED, photo, '-o', at('again.png'), '-b', bundle]);
    expect(ended.code).toBe(0);
    expect((await readFile(at('again.png'))).equals(await readFile(at('awe.png')))).toBe(true);
  });

  it('Ctrl+C ends it, says so and writes nothing', async () => {
    const out = at('never.png');
    const ended = await emoeditorProcess(
      ['edit', photo, '-e', 'awe', '-m', 'paper', '-o', out, '-b', bundle],
      /iteration 1/,
    );
    expect(ended).toMatchObject({ code: 130, err: expect.stringContaining('Nothing was written') });
    expect(await exists(out)).toBe(false);
  });

  it.each<[string, (out: string) => Promise<string[]> | string[], number, RegExp]>([
    [
      'an unknown emotion',
      (out) => [photo, '-e', 'joy', '-o', out],
      2,
      /“joy” is not one of the eight.*\n.*amusement/,
    ],
    [
      'a file that is not there',
      (out) => [at('none.jpg'), '-e', 'awe', '-o', out],
      1,
      /no such file/,
    ],
    [
      'a file that is no picture',
      async (out) => {
        await writeFile(at('notes.jpg'), 'Dear diary');
        return [at('notes.jpg'), '-e', 'awe', '-o', out];
      },
      1,
      /notes\.jpg.*(no|not).*(picture|image)/i,
    ],
    [
      'a picture cut short',
      async (out) => {
        await writeFile(at('half.jpg'), (await readFile(photo)).subarray(0, 9000));
        return [at('half.jpg'), '-e', 'awe', '-o', out];
      },
      1,
      /half\.jpg/,
    ],
    [
      'a transparent picture',
      async (out) => {
        const background = { r: 9, g: 9, b: 9, alpha: 0 };
        const create = { width: 300, height: 200, channels: 4, background } as const;
        await sharp({ create }).png().toFile(at('clear.png'));
        return [at('clear.png'), '-e', 'awe', '-o', out, '-b', bundle];
      },
      1,
      /fully transparent/,
    ],
    [
      'a missing bundle',
      (out) => [photo, '-e', 'awe', '-o', out, '-b', 'gone'],
      1,
      /no model bundle “gone”/,
    ],
    ['the input as output', () => [photo, '-e', 'awe', '-o', photo], 2, /is the input itself/],
    [
      'an output in no folder',
      () => [photo, '-e', 'awe', '-o', at('no/where.png')],
      2,
      /does not exist/,
    ],
    ['an ending that nothing writes', () => [photo, '-e', 'awe', '-o', at('x.doc')], 2, /ending/],
    [
      'an intensity out of range',
      (out) => [photo, '-e', 'awe', '-o', out, '-i', '900'],
      2,
      /0 to 150/,
    ],
    ['an empty intensity', (out) => [photo, '-e', 'awe', '-o', out, '-i', ''], 2, /0 to 150/],
    ['an empty seed', (out) => [photo, '-e', 'awe', '-o', out, '-s', ''], 2, /whole number/],
    [
      'one layer and all of them at once',
      (out) => [photo, '-e', 'awe', '-o', out, '-l', 'Sky', '--visible'],
      2,
      /--layer names one layer, --visible means all/,
    ],
  ])(
    'refuses %s in a sentence and leaves everything as it was',
    async (_, argsOf, code, sentence) => {
      const before = await readFile(photo);
      const out = at('refused.png');
      const ended = await emoeditor(['edit', ...(await argsOf(out))]);
      expect(ended.err).toMatch(sentence);
      expect(ended.err).not.toMatch(/\bat .*\.ts:\d+/);
      expect(ended.code).toBe(code);
      expect(await exists(out)).toBe(false);
      expect((await readFile(photo)).equals(before)).toBe(true);
    },
  );

  it('never writes over a file unless it is told to', async () => {
    const out = at('kept.png');
    await writeFile(out, 'precious');
    const refused = await emoeditor(['edit', photo, '-e', 'awe', '-o', out, '-b', bundle]);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('--overwrite') });
    expect(await readFile(out, 'utf8')).toBe('precious');
  });
});

describe('emoeditor', () => {
  it('--help names every command', async () => {
    const { out, code } = await emoeditorProcess(['--help']);
    expect(code).toBe(0);
    for (const command of ['edit', 'serve', 'models', 'import', 'doctor'])
      expect(out).toContain(`  ${command}`);
  });

  it('import turns an export into a bundle that can be used by its path', async () => {
    const ended = await emoeditor([
      'import',
      GOLDEN,
      '--out',
      at('imported'),
      '--precision',
      'float32',
    ]);
    expect(ended.code).toBe(0);
    expect(ended.out).toContain('MB');
    expect(await exists(at('imported/bundle.json'))).toBe(true);
    expect((await emoeditor(['import', GOLDEN, '--out', at('imported')])).code).toBe(1);
  });

  it('import asks which provider runs here when no precision is given, and stores what suits it', async () => {
    const ended = await emoeditor(['import', GOLDEN, '--out', at('usual')]);
    expect(ended).toMatchObject({ code: 0, out: expect.stringContaining('MB') });
    const { precision } = await readBundle(at('usual'));
    const { provider } = await chooseProvider();
    expect(precision).toEqual({
      unet: provider.name === 'cpu' ? 'int8' : 'float16',
      vaeEncoder: 'float16',
      vaeDecoder: 'float16',
      emotionEncoder: 'float16',
      predictor: 'float16',
    });
  });

  it('import can leave the weights where they are, and then takes no precision', async () => {
    // On the drive of the bundle, as it must be.
    await cp(GOLDEN, at('export'), { recursive: true });
    const command = ['import', at('export'), '--link', '--out', at('linked')];
    expect((await emoeditor([...command, '--precision', 'int8'])).code).toBe(2);
    const ended = await emoeditor(command);
    expect(ended.code).toBe(0);
    expect(ended.out).toContain(`not copied: ${at('export/unet')}`);
    expect(await exists(at('linked/unet.own.weights'))).toBe(true);
  });
});
