import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ImportOptions,
  importBundle,
} from '@emoeditor/companion-server/importer/importBundle.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeAuthors, writeExport } from '../../../fakes/checkpoints/publishedModels.ts';
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
    expect(await readdir(folder('new'))).not.toContain('journal.json');
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
