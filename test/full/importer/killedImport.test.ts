import { mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { describe, expect, it } from 'vitest';
import { float32, sums } from '../../fakes/checkpoints/madeOnce.ts';
import { writeAuthors } from '../../fakes/checkpoints/publishedModels.ts';
import {
  modified,
  stoppedImports,
  WRITTEN,
} from '../../unit/companion-server/importer/stoppedImports.ts';

/* Where else an import may be stopped: resumedImport.test.ts. */

const { whole, folder, expected, stopInDecoder, stopInUNet, goOn, spoilFirstTensors } =
  stoppedImports();

describe('an import that was stopped', () => {
  it('goes on where it was, with the same result', async () => {
    await writeAuthors(folder('release'));
    await stopInDecoder(folder('release'));
    expect(await readdir(folder())).toEqual(['new.partial', 'release']);
    const before = await modified(folder('new.partial/unet.weights'));
    const parts: string[] = [];
    const { bundle } = await importBundle(folder('release'), folder('new'), {
      ...float32,
      onProgress: (_done, _total, part) => parts.push(part),
    });
    expect(sums(bundle.files)).toEqual(expected());
    expect(await modified(folder('new/unet.weights'))).toBe(before);
    expect(parts.filter((part) => part === 'unet')).toHaveLength(2);
    expect(await readdir(folder())).toEqual(['new', 'release']);
    expect(await readdir(folder('new'))).not.toContain('journal.jsonl');
  });
});

describe('an import that was stopped in the middle of the UNet', () => {
  it('goes on within the file and does not read again what it has', async () => {
    await stopInUNet();
    const { ino, size } = await stat(folder('new.partial/unet.weights'));
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThan((await stat(whole('unet.weights'))).size);
    await spoilFirstTensors();
    const seen = await goOn();
    expect((await stat(folder('new/unet.weights'))).ino).toBe(ino);
    expect(seen.slice(0, WRITTEN + 1)).toEqual(Array.from({ length: WRITTEN + 1 }, (_, i) => i));
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it('leaves nothing when what it reads again proves wrong', async () => {
    await stopInUNet();
    await spoilFirstTensors();
    const file = await open(folder('new.partial/unet.weights'), 'r+');
    await file.truncate(10);
    await file.close();
    await expect(importBundle(folder('export'), folder('new'), float32)).rejects.toThrow(/NaN/);
    expect(await readdir(folder())).toEqual(['export']);
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
