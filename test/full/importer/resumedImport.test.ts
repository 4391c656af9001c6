import { createHash } from 'node:crypto';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { describe, expect, it } from 'vitest';
import { float32, sums } from '../../fakes/checkpoints/madeOnce.ts';
import { writeAuthors } from '../../fakes/checkpoints/publishedModels.ts';
import {
  FIRST_BYTES,
  stoppedImports,
  UNET,
} from '../../unit/companion-server/importer/stoppedImports.ts';

const { folder, expected, stopped, stopInDecoder, stopInUNet, goOn } = stoppedImports();

describe('an import that was stopped', () => {
  it('writes files again that changed since', async () => {
    await writeAuthors(folder('release'));
    await stopInDecoder(folder('release'));
    const path = folder('new.partial/unet.weights');
    const bytes = await readFile(path);
    bytes[100] = (bytes[100] ?? 0) + 1;
    await writeFile(path, bytes);
    const { bundle } = await importBundle(folder('release'), folder('new'), float32);
    expect(sums(bundle.files)).toEqual(expected());
  });

  it('begins again for another model', async () => {
    await writeAuthors(folder('release'));
    await stopInDecoder(folder('release'));
    await writeFile(folder('new.partial/left.over'), '');
    await writeAuthors(folder('release'));
    await importBundle(folder('release'), folder('new'), float32);
    expect(await readdir(folder('new'))).not.toContain('left.over');
  });
});

describe('an import that was stopped in the middle of the UNet', () => {
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
    await stopInUNet();
    if (what === 'another source') await utimes(folder(UNET), 2e9, 2e9);
    // A first weight that the next run would have to believe.
    await spoilWithoutTrace(folder('new.partial'));
    const { bundle } = await importBundle(folder('export'), folder('new'), options);
    const { bundle: fresh } = await importBundle(folder('export'), folder('fresh'), options);
    expect(sums(bundle.files)).toEqual(sums(fresh.files));
  });

  it('continues before the damaged part', async () => {
    await stopInUNet();
    const path = folder('new.partial/unet.weights');
    const bytes = await readFile(path);
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    await writeFile(path, Buffer.concat([bytes, Buffer.alloc(10_000_000, 7)]));
    await goOn();
  });

  it('is stopped again and again', async () => {
    await stopInUNet();
    for (const after of [10, 60, 61, 200]) {
      await stopped(folder('export'), (done) => done === after);
    }
    await goOn();
  });
});
