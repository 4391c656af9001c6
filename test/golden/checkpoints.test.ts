import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTorchZip } from '@emoeditor/companion-server/importer/checkpoint/torchZip.ts';
import { describe, expect, it } from 'vitest';

/** Files that torch.save wrote; expected.json says what is in them and by which script. */
const GOLDEN = join(import.meta.dirname, 'checkpoints');
interface Expected {
  readonly files: Record<string, Record<string, { shape: number[]; values: number[] }>>;
}
const { files }: Expected = JSON.parse(await readFile(join(GOLDEN, 'expected.json'), 'utf8'));

describe('openTorchZip reads what PyTorch wrote', () => {
  it.each(Object.keys(files))('%s', async (name) => {
    const checkpoint = await openTorchZip(join(GOLDEN, name));
    const expected = files[name] ?? {};
    expect(Object.fromEntries(checkpoint.shapes)).toEqual(
      Object.fromEntries(Object.entries(expected).map(([key, { shape }]) => [key, shape])),
    );
    for (const [key, { values }] of Object.entries(expected)) {
      expect(await checkpoint.read(key), key).toEqual(Float32Array.from(values));
    }
    await checkpoint.close();
  });
});

describe('openTorchZip refuses what PyTorch wrote', () => {
  it.each([
    ['attack.pt', /asks for posix\.system.*nothing was executed/],
    ['wholeModule.pt', /asks for torch\.nn\.modules\.linear\.Linear/],
    ['legacy.pt', /is a checkpoint of PyTorch before 1\.6/],
    ['torchScript.pt', /is a TorchScript program/],
  ])('%s', async (name, reason) => {
    await expect(openTorchZip(join(GOLDEN, name))).rejects.toMatchObject({
      name: 'ImportError',
      code: 'UNSUPPORTED',
      message: expect.stringMatching(reason),
      hint: expect.stringMatching(/torch\.save|\.safetensors/),
    });
  });
});
