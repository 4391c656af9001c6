import { spawn } from 'node:child_process';
import { copyFile, link, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporaryFolder.ts';

const BIN = join(import.meta.dirname, '../../companion-server/bin/emoeditor.mjs');
/** A tiny InstructPix2Pix with random weights, and a predictor from the other tiny bundle. */
const INSTRUCT = join(import.meta.dirname, '../golden/instruct');

const at = temporaryFolder();

beforeAll(async () => {
  await importBundle(INSTRUCT, at('bundle'));
  const pixels = Buffer.from(Array.from({ length: 320 * 240 * 3 }, (_, i) => (i * 7) % 256));
  await sharp(pixels, { raw: { width: 320, height: 240, channels: 3 } }).toFile(at('photo.png'));
});

interface Answer {
  readonly after?: readonly number[];
  readonly error?: string;
}

/** Answers to some lines, by one process. */
function batch(jobs: readonly object[], ...options: string[]): Promise<Answer[]> {
  const args = [BIN, 'batch', '--bundle', at('bundle'), ...options];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stdin.end(jobs.map((job) => `${JSON.stringify(job)}\n`).join(''));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () =>
      resolve(
        out
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ),
    );
  });
}

describe('emoeditor batch', () => {
  it('makes every edit as its line says, and answers a line that it cannot carry out', async () => {
    const job = { input: at('photo.png'), emotion: 'fear', seed: 3, steps: 2 };
    const answers = await batch(
      [
        { ...job, output: at('rain.png'), source: at('source.png'), instruction: 'make it rain' },
        { ...job, output: at('again.png'), instruction: 'make it rain' },
        { ...job, output: at('ask.png'), instruction: 'ask a ram' },
        { ...job, output: at('none.png'), emotion: 'joy' },
        { ...job, output: at('none.png'), input: at('missing.png') },
      ],
      ...['--conditioning', 'text', '--no-iei'],
    );
    expect(answers.map((answer) => 'error' in answer)).toEqual([false, false, false, true, true]);
    expect(answers[0]?.after).toHaveLength(8);
    expect(answers[4]?.error).toMatch(/missing\.png cannot be read/);
    const [rain, again, ask] = await Promise.all(
      ['rain.png', 'again.png', 'ask.png'].map((name) => readFile(at(name))),
    );
    expect(rain?.equals(again as Buffer)).toBe(true);
    expect(rain?.equals(ask as Buffer)).toBe(false);
    const sizes = await Promise.all(
      ['rain.png', 'source.png'].map(async (name) => {
        const { width, height } = await sharp(at(name)).metadata();
        return [width, height];
      }),
    );
    expect(sizes[0]).toEqual(sizes[1]);
  });

  it('replaces no photograph of any line by any name, and no output unless it is told to', async () => {
    const job = { input: at('photo.png'), emotion: 'fear', steps: 2, instruction: 'make it rain' };
    await Promise.all([
      writeFile(at('there.png'), 'precious'),
      link(at('photo.png'), at('hard.png')),
      symlink(at('photo.png'), at('soft.png')),
      copyFile(at('photo.png'), at('other.png')),
    ]);
    const before = await readFile(at('photo.png'));
    const [first] = await batch([{ ...job, output: at('there.png') }]);
    expect(first?.error).toMatch(/there\.png exists already.*--overwrite/);
    expect(await readFile(at('there.png'), 'utf8')).toBe('precious');
    const answers = await batch(
      [
        { ...job, output: at('photo.png') },
        { ...job, output: at('hard.png') },
        { ...job, output: at('soft.png') },
        { ...job, output: at('new.png'), source: at('photo.png') },
        { ...job, output: at('new.png'), source: at('new.png') },
        { ...job, input: at('other.png'), output: at('photo.png') },
        { ...job, output: at('new.gif') },
        { ...job, output: at('there.png') },
      ],
      ...['--conditioning', 'text', '--no-iei', '--overwrite'],
    );
    expect(answers.map(({ error = '' }) => error)).toEqual([
      ...Array.from({ length: 4 }, () => expect.stringMatching(/\.png is an input/)),
      expect.stringMatching(/new\.png is where the edit goes/),
      expect.stringMatching(/photo\.png is an input/),
      expect.stringMatching(/new\.gif has no ending that says how to save it/),
      '',
    ]);
    expect((await readFile(at('photo.png'))).equals(before)).toBe(true);
    expect(await sharp(at('there.png')).metadata()).toMatchObject({ format: 'png' });
  });
});
