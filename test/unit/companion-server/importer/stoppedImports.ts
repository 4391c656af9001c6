import { cp, open, readdir, readFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { readBundle, verifyBundle } from '@emoeditor/companion-server/models/readBundle.ts';
import { beforeAll, expect } from 'vitest';
import { float32, smallBundle, smallExport, sums } from '../../../fakes/checkpoints/madeOnce.ts';
import { TENSORS } from '../../../fakes/checkpoints/smallModel.ts';
import { temporaryFolder } from '../../../temporaryFolder.ts';

/** The exported UNet, the first part that is written. */
export const UNET = 'export/unet/diffusion_pytorch_model.safetensors';
/** Weights of the UNet that are written before the stop. */
export const WRITTEN = 40;
export const FIRST_BYTES = (TENSORS.unet[0]?.values.length ?? 0) * 4;

export const modified = async (path: string) => (await stat(path)).mtimeMs;

/** For one test file: imports that are stopped, and what an import without a stop gives. */
export function stoppedImports() {
  const folder = temporaryFolder('each');
  /** sha256 by file of the bundle that our own export of the same numbers gives. */
  let expected: Record<string, string>;
  let wholeBundle: string;
  beforeAll(async () => {
    wholeBundle = await smallBundle();
    expected = sums((await readBundle(wholeBundle)).files);
  });

  /** Stops when `isOver` says so. */
  async function stopped(
    source: string,
    isOver: (done: number, part: string) => boolean,
  ): Promise<void> {
    const controller = new AbortController();
    const run = importBundle(source, folder('new'), {
      ...float32,
      signal: controller.signal,
      onProgress: (done, _total, part) => {
        if (isOver(done, part)) controller.abort();
      },
    });
    await expect(run).rejects.toThrow(/abort/i);
  }

  return {
    folder,
    /** A file of the bundle that an import without a stop gives. */
    whole: (name: string) => join(wholeBundle, name),
    expected: () => expected,
    stopped,
    /** Stops while the VAE's decoder is being written. */
    stopInDecoder: (source: string) => stopped(source, (_done, part) => part === 'vaeDecoder'),
    /** Exports, and stops in the middle of the UNet, whose weights are the first that count. */
    async stopInUNet(): Promise<void> {
      await cp(await smallExport(), folder('export'), { recursive: true });
      await utimes(folder(UNET), 1e9, 1e9);
      await stopped(folder('export'), (done) => done === WRITTEN);
    },
    /** Goes on, to the bundle that an import without a stop gives, byte for byte; says how the progress went. */
    async goOn(): Promise<number[]> {
      const seen: number[] = [];
      const { bundle } = await importBundle(folder('export'), folder('new'), {
        ...float32,
        onProgress: (done) => seen.push(done),
      });
      expect(sums(bundle.files)).toEqual(expected);
      const { signal } = new AbortController();
      await verifyBundle(folder('new'), await readBundle(folder('new')), signal);
      for (const { name } of bundle.files) {
        const [one, other] = [folder('new', name), join(wholeBundle, name)];
        expect((await readFile(one)).equals(await readFile(other)), name).toBe(true);
      }
      expect(await readdir(folder())).toEqual(['export', 'new']);
      return seen;
    },
    /** Makes the UNet's first tensors NaN, as which nobody may read them, without a trace on the file. */
    async spoilFirstTensors(): Promise<void> {
      const file = await open(folder(UNET), 'r+');
      const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
      const start = 8 + Number(buffer.readBigUInt64LE());
      await file.write(Buffer.alloc(1000, 0xff), 0, 1000, start);
      await file.close();
      await utimes(folder(UNET), 1e9, 1e9);
    },
  };
}
