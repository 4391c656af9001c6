import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ImportOptions,
  importBundle,
} from '@emoeditor/companion-server/importer/importBundle.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeAuthors, writeExport } from '../../../fakes/checkpoints/publishedModels.ts';

const PREDICTOR = join(import.meta.dirname, '../../../golden/models/predictor');
const float32 = { precision: 'float32', predictor: PREDICTOR } satisfies ImportOptions;
let root: string;
let work: string;
/** sha256 by file of the bundle that our own export of the same numbers gives. */
let expected: Record<string, string>;

const sums = (files: readonly { name: string; sha256: string }[]) =>
  Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256]));

const modified = async (path: string) => (await stat(path)).mtimeMs;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'emoeditor-sources-'));
  const folder = join(root, 'export');
  await writeExport(folder, PREDICTOR);
  const { bundle } = await importBundle(folder, join(root, 'expected'), float32);
  expected = sums(bundle.files);
});
beforeEach(async () => {
  work = await mkdtemp(join(root, 'one-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('an import that was stopped', () => {
  /** Stops while the VAE's decoder is being written. */
  async function stop(source: string): Promise<void> {
    const controller = new AbortController();
    const run = importBundle(source, join(work, 'new'), {
      ...float32,
      signal: controller.signal,
      onProgress: (_done, _total, part) => {
        if (part === 'vaeDecoder') controller.abort();
      },
    });
    await expect(run).rejects.toThrow(/abort/i);
  }

  it('goes on where it was, with the same result', async () => {
    await writeAuthors(join(work, 'release'));
    await stop(join(work, 'release'));
    expect(await readdir(work)).toEqual(['new.partial', 'release']);
    const before = await modified(join(work, 'new.partial/unet.weights'));
    const parts: string[] = [];
    const { bundle } = await importBundle(join(work, 'release'), join(work, 'new'), {
      ...float32,
      onProgress: (_done, _total, part) => parts.push(part),
    });
    expect(sums(bundle.files)).toEqual(expected);
    expect(await modified(join(work, 'new/unet.weights'))).toBe(before);
    expect(parts.filter((part) => part === 'unet')).toHaveLength(2);
    expect(await readdir(work)).toEqual(['new', 'release']);
    expect(await readdir(join(work, 'new'))).not.toContain('journal.json');
  });

  it('writes files again that changed since', async () => {
    await writeAuthors(join(work, 'release'));
    await stop(join(work, 'release'));
    const path = join(work, 'new.partial/unet.weights');
    const bytes = await readFile(path);
    bytes[100] = (bytes[100] ?? 0) + 1;
    await writeFile(path, bytes);
    const { bundle } = await importBundle(join(work, 'release'), join(work, 'new'), float32);
    expect(sums(bundle.files)).toEqual(expected);
  });

  it('begins again for another model', async () => {
    await writeAuthors(join(work, 'release'));
    await stop(join(work, 'release'));
    await writeFile(join(work, 'new.partial/left.over'), '');
    await writeAuthors(join(work, 'release'));
    await importBundle(join(work, 'release'), join(work, 'new'), float32);
    expect(await readdir(join(work, 'new'))).not.toContain('left.over');
  });
});
