import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { emoeditor } from '../integration/emoeditor.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const JUDGE = join(import.meta.dirname, '../../bench/judge');
const at = temporaryFolder();
/** Milliseconds: a busy machine is slow, not wrong, and a test that is given up goes on beside the next. */
const PATIENCE = 240_000;

beforeAll(async () => {
  await mkdir(at('photos'));
  for (const [number, name] of ['a.png', 'b.png', 'c.png'].entries()) {
    const [width, height] = [96, 64];
    const rgb = Buffer.from(
      Array.from({ length: width * height * 3 }, (_, i) => {
        const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
        return Math.round(127 + 60 * Math.sin(x / (9 + number) + (i % 3)) + 50 * Math.cos(y / 7));
      }),
    );
    await sharp(rgb, { raw: { width, height, channels: 3 } }).toFile(at('photos', name));
  }
});

async function config(more: object = {}): Promise<string> {
  const path = at('config.json');
  await writeFile(
    path,
    JSON.stringify({
      photographs: ['photos'],
      targets: ['fear', 'awe'],
      methods: ['none', 'filter', 'colour-transfer', 'clipstyler'],
      judge: JUDGE,
      ...more,
    }),
  );
  return path;
}

/** Times at which the files of results were written, by their path in the folder. */
async function written(folder: string): Promise<Map<string, number>> {
  const names = await readdir(join(folder, 'results'), { recursive: true });
  const times = new Map<string, number>();
  for (const name of names.filter((one) => one.endsWith('.json'))) {
    times.set(name, (await stat(join(folder, 'results', name))).mtimeMs);
  }
  return times;
}

describe('emoeditor eval', () => {
  it(
    'measures every method on every photograph, and says what a method waits for',
    async () => {
      const { code, out, err } = await emoeditor(['eval', await config(), '--out', at('out')]);
      expect(code, err).toBe(0);
      expect(err).toContain('clipstyler waits for the weights of CLIP');
      expect(out).toContain(at('out', 'report.html'));
      expect(await written(at('out'))).toHaveLength(3 * 2 * 3);
      const { summary, edits, madeBy } = JSON.parse(
        await readFile(at('out', 'report.json'), 'utf8'),
      );
      expect(madeBy.photographs).toHaveLength(3);
      const [none, filter] = summary.methods;
      expect(none.metrics.ssim.value).toBe(1);
      expect(none.metrics['judge.emoS'].value).toBe(0);
      expect(none.metrics['predictor.esmi'].value).toBe(0);
      expect(none.metrics.filterShare).toBeNull();
      // One fixed chain of colours is explained by a table of colours.
      expect(filter.metrics.filterShare.value).toBeGreaterThan(0.9);
      const { low, value, high } = filter.metrics['predictor.emoS'];
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
      expect(edits).toHaveLength(18);
      expect((await readFile(at('out', 'edits.csv'), 'utf8')).trim().split('\r\n')).toHaveLength(
        19,
      );
      const html = await readFile(at('out', 'report.html'), 'utf8');
      expect(html).toContain('CLIPstyler');
      expect(html).toContain('data:image/jpeg;base64,');
      // Nothing is fetched: every address in it is a picture of its own.
      expect(html.match(/(src|href)="(?!data:)/g)).toBeNull();
    },
    PATIENCE,
  );

  it(
    'measures nothing twice, except a result that is damaged',
    async () => {
      const before = await written(at('out'));
      const damaged = join('filter', 'b.png', 'awe.json');
      await writeFile(at('out', 'results', damaged), '{"photograph": "b.p');
      const { code } = await emoeditor(['eval', await config(), '--out', at('out')]);
      expect(code).toBe(0);
      const after = await written(at('out'));
      const again = [...after].filter(([name, time]) => before.get(name) !== time);
      expect(again.map(([name]) => name)).toEqual([damaged]);
      expect(JSON.parse(await readFile(at('out', 'results', damaged), 'utf8')).method).toBe(
        'filter',
      );
    },
    PATIENCE,
  );

  it.each([
    [{ targets: ['fear'] }, 'results of another evaluation: targets is not the same'],
    [{ methods: ['none', 'prettify'] }, 'The method “prettify” is not known'],
    [{ photographs: ['photos/z.png'] }, 'z.png is not there'],
    [{ methods: ['clipstyler'] }, 'Every method of the config waits for something'],
    [{ methods: ['none', 'none'] }, 'Two methods are called “none”'],
    [{ methods: [{ kind: 'editor', mode: 'slow' }] }, 'The method “editor” cannot be so: “mode”'],
    [{ targets: ['joy'] }, 'is no evaluation: “targets.0”'],
    [{ judge: undefined }, 'results of another evaluation: judge is not the same'],
    [{ judge: 'photos' }, 'photos is no judge'],
  ])('refuses %j in a sentence', async (more, sentence) => {
    const before = await written(at('out'));
    const { code, err } = await emoeditor(['eval', await config(more), '--out', at('out')]);
    expect(code).toBe(1);
    expect(err).toContain(sentence);
    expect(await written(at('out'))).toEqual(before);
  });

  it('has no report before anything was measured', async () => {
    const { code, err } = await emoeditor([
      ...['eval', await config(), '--out', at('empty'), '--report'],
    ]);
    expect(code).toBe(1);
    expect(err).toContain('holds no results yet');
  });
});
