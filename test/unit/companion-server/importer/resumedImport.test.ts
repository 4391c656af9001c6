import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ImportOptions,
  importBundle,
} from '@emoeditor/companion-server/importer/importBundle.ts';
import { readBundle, verifyBundle } from '@emoeditor/companion-server/models/readBundle.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeAuthors, writeExport } from '../../../fakes/checkpoints/publishedModels.ts';
import { TENSORS } from '../../../fakes/checkpoints/smallModel.ts';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const PREDICTOR = join(import.meta.dirname, '../../../golden/models/predictor');
const float32 = { precision: 'float32', predictor: PREDICTOR } satisfies ImportOptions;
const shared = temporaryFolder();
const folder = temporaryFolder('each');
/** sha256 by file of the bundle that our own export of the same numbers gives. */
let expected: Record<string, string>;

const sums = (files: readonly { name: string; sha256: string }[]) =>
  Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256]));

const modified = async (path: string) => (await stat(path)).mtimeMs;

beforeAll(async () => {
  const exported = shared('export');
  await writeExport(exported, PREDICTOR);
  const { bundle } = await importBundle(exported, shared('expected'), float32);
  expected = sums(bundle.files);
});

describe('an import that was stopped', () => {
  /** Stops while the VAE's decoder is being written. */
  async function stop(source: string): Promise<void> {
    const controller = new AbortController();
    const run = importBundle(source, folder('new'), {
      ...float32,
      signal: controller.signal,
      onProgress: (_done, _total, part) => {
        if (part === 'vaeDecoder') controller.abort();
      },
    });
    await expect(run).rejects.toThrow(/abort/i);
  }

  it('goes on where it was, with the same result', async () => {
    await writeAuthors(folder('release'));
    await stop(folder('release'));
    expect(await readdir(folder())).toEqual(['new.partial', 'release']);
    const before = await modified(folder('new.partial/unet.weights'));
    const parts: string[] = [];
    const { bundle } = await importBundle(folder('release'), folder('new'), {
      ...float32,
      onProgress: (_done, _total, part) => parts.push(part),
    });
    expect(sums(bundle.files)).toEqual(expected);
    expect(await modified(folder('new/unet.weights'))).toBe(before);
    expect(parts.filter((part) => part === 'unet')).toHaveLength(2);
    expect(await readdir(folder())).toEqual(['new', 'release']);
    expect(await readdir(folder('new'))).not.toContain('journal.jsonl');
  });

  it('writes files again that changed since', async () => {
    await writeAuthors(folder('release'));
    await stop(folder('release'));
    const path = folder('new.partial/unet.weights');
    const bytes = await readFile(path);
    bytes[100] = (bytes[100] ?? 0) + 1;
    await writeFile(path, bytes);
    const { bundle } = await importBundle(folder('release'), folder('new'), float32);
    expect(sums(bundle.files)).toEqual(expected);
  });

  it('begins again for another model', async () => {
    await writeAuthors(folder('release'));
    await stop(folder('release'));
    await writeFile(folder('new.partial/left.over'), '');
    await writeAuthors(folder('release'));
    await importBundle(folder('release'), folder('new'), float32);
    expect(await readdir(folder('new'))).not.toContain('left.over');
  });
});

describe('an import that was stopped in the middle of the UNet', () => {
  const UNET = 'export/unet/diffusion_pytorch_model.safetensors';
  /** Weights of the UNet that are written before the stop. */
  const WRITTEN = 40;
  const FIRST_BYTES = (TENSORS.unet[0]?.values.length ?? 0) * 4;

  /** The UNet is the first part, so its weights are the first that count. */
  async function stop(): Promise<void> {
    await writeExport(folder('export'), PREDICTOR);
    await utimes(folder(UNET), 1e9, 1e9);
    const controller = new AbortController();
    const run = importBundle(folder('export'), folder('new'), {
      ...float32,
      signal: controller.signal,
      onProgress: (done) => {
        if (done === WRITTEN) controller.abort();
      },
    });
    await expect(run).rejects.toThrow(/abort/i);
  }

  /** Goes on, to the bundle that an import without a stop gives, byte for byte; says how the progress went. */
  async function goOn(): Promise<number[]> {
    const seen: number[] = [];
    const { bundle } = await importBundle(folder('export'), folder('new'), {
      ...float32,
      onProgress: (done) => seen.push(done),
    });
    expect(sums(bundle.files)).toEqual(expected);
    const { signal } = new AbortController();
    await verifyBundle(folder('new'), await readBundle(folder('new')), signal);
    for (const { name } of bundle.files) {
      const [one, other] = [folder('new', name), shared('expected', name)];
      expect((await readFile(one)).equals(await readFile(other)), name).toBe(true);
    }
    expect(await readdir(folder())).toEqual(['export', 'new']);
    return seen;
  }

  /** Makes the UNet's first tensors NaN, as which nobody may read them, without a trace on the file. */
  async function spoilFirstTensors(): Promise<void> {
    const file = await open(folder(UNET), 'r+');
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
    const start = 8 + Number(buffer.readBigUInt64LE());
    await file.write(Buffer.alloc(1000, 0xff), 0, 1000, start);
    await file.close();
    await utimes(folder(UNET), 1e9, 1e9);
  }

  it('goes on within the file and does not read again what it has', async () => {
    await stop();
    const { ino, size } = await stat(folder('new.partial/unet.weights'));
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThan((await stat(shared('expected/unet.weights'))).size);
    await spoilFirstTensors();
    const seen = await goOn();
    expect((await stat(folder('new/unet.weights'))).ino).toBe(ino);
    expect(seen.slice(0, WRITTEN + 1)).toEqual(Array.from({ length: WRITTEN + 1 }, (_, i) => i));
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it('leaves nothing when what it reads again proves wrong', async () => {
    await stop();
    await spoilFirstTensors();
    const file = await open(folder('new.partial/unet.weights'), 'r+');
    await file.truncate(10);
    await file.close();
    await expect(importBundle(folder('export'), folder('new'), float32)).rejects.toThrow(/NaN/);
    expect(await readdir(folder())).toEqual(['export']);
  });

  it('continues before the damaged part', async () => {
    await stop();
    const path = folder('new.partial/unet.weights');
    const bytes = await readFile(path);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    await writeFile(path, Buffer.concat([bytes, Buffer.alloc(10_000_000, 7)]));
    await goOn();
  });

  /** Changes the first weight that was kept, and its sum with it. */
  async function spoilWithoutTrace(partial: string): Promise<void> {
    const path = join(partial, 'unet.weights');
    const bytes = await readFile(path);
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const journal = join(partial, 'journal.jsonl');
    const [head, first = ''] = (await readFile(journal, 'utf8')).split('\n');
    const line = JSON.parse(first);
    line.sha256 = createHash('sha256').update(bytes.subarray(0, FIRST_BYTES)).digest('hex');
    await writeFile(journal, `${head}\n${JSON.stringify(line)}\n`);
  }

  it.each([
    ['another source', float32],
    ['other options', { ...float32, precision: 'float16' }],
  ] as const)('keeps nothing for %s', async (what, options) => {
    await stop();
    if (what === 'another source') await utimes(folder(UNET), 2e9, 2e9);
    // A first weight that the next run would have to believe.
    await spoilWithoutTrace(folder('new.partial'));
    const { bundle } = await importBundle(folder('export'), folder('new'), options);
    const { bundle: fresh } = await importBundle(folder('export'), folder('fresh'), options);
    expect(sums(bundle.files)).toEqual(sums(fresh.files));
  });

  it('is stopped again and again', async () => {
    await stop();
    for (const after of [10, 60, 61, 200]) {
      const controller = new AbortController();
      const run = importBundle(folder('export'), folder('new'), {
        ...float32,
        signal: controller.signal,
        onProgress: (done) => {
          if (done === after) controller.abort();
        },
      });
      await expect(run).rejects.toThrow(/abort/i);
    }
    await goOn();
  });
});

describe('a folder that is in the way', () => {
  it('stays as it is, whether the model is sound or not', async () => {
    await writeAuthors(folder('release'));
    await mkdir(folder('new.partial'));
    await writeFile(folder('new.partial/thesis.txt'), 'mine');
    for (const model of ['release', 'nothing']) {
      await expect(importBundle(folder(model), folder('new'), float32)).rejects.toMatchObject({
        code: 'OUTPUT_EXISTS',
        message: expect.stringMatching(/no journal/),
      });
    }
    expect(await readFile(folder('new.partial/thesis.txt'), 'utf8')).toBe('mine');
    expect(await readdir(folder())).toEqual(['new.partial', 'release']);
  });
});
