import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkpointFilesIn,
  weightFilesUnder,
} from '@emoeditor/companion-server/importer/checkpoint/checkpointFilesIn.ts';
import { openCheckpoint } from '@emoeditor/companion-server/importer/checkpoint/openCheckpoint.ts';
import { weightsIn } from '@emoeditor/companion-server/importer/checkpoint/weightsIn.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSafetensors } from '../../../fakes/checkpoints/writeSafetensors.ts';
import { writeTorchZip } from '../../../fakes/checkpoints/writeTorchZip.ts';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const folder = temporaryFolder();
const one = (value: number) => ({ shape: [1], values: Float32Array.of(value) });
beforeAll(async () => {
  await writeSafetensors(folder('one.safetensors'), { a: one(1), spare: one(9) });
  await writeTorchZip(folder('two.bin'), [
    { name: 'b', shape: [1], values: () => Float32Array.of(2) },
  ]);
});

async function index(contents: unknown, name = 'model.safetensors.index.json'): Promise<string> {
  const path = folder(name);
  await writeFile(path, typeof contents === 'string' ? contents : JSON.stringify(contents));
  return path;
}

describe('openCheckpoint', () => {
  it('opens every format by its path', async () => {
    for (const [name, tensor] of [
      ['one.safetensors', 'a'],
      ['two.bin', 'b'],
    ] as const) {
      const file = await openCheckpoint(folder(name));
      expect(file.shapes.get(tensor)).toEqual([1]);
      await file.close();
    }
  });

  it('reads the tensors of an index from the files that it names', async () => {
    const path = await index({ metadata: {}, weight_map: { b: 'two.bin', a: 'one.safetensors' } });
    const file = await openCheckpoint(path);
    expect([...file.shapes.keys()]).toEqual(['b', 'a']);
    expect([...(await file.read('a')), ...(await file.read('b'))]).toEqual([1, 2]);
    expect(file.typeOf('b')).toBe('F32');
    expect(file.aside).toEqual(['spare']);
    await file.close();
  });

  it.each([
    [
      'a tensor that is not in its file',
      { weight_map: { b: 'one.safetensors' } },
      'MISSING_TENSOR',
      /b in one\.safetensors/,
    ],
    ['a file that is not there', { weight_map: { b: 'three.bin' } }, 'MISSING_FILE', /three\.bin/],
    ['a file outside the folder', { weight_map: { b: '../two.bin' } }, 'BAD_CONFIG', /weight_map/],
    [
      'itself',
      { weight_map: { b: 'model.safetensors.index.json' } },
      'NOT_A_CHECKPOINT',
      /no checkpoint of PyTorch/,
    ],
    ['nothing', '{', 'BAD_CONFIG', /weight_map/],
  ])('refuses an index of %s', async (_, contents, code, reason) => {
    await expect(openCheckpoint(await index(contents))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(reason),
    });
  });

  it('says how to open safetensors under another ending', async () => {
    await writeSafetensors(folder('wrong.ckpt'), { a: one(1) });
    await expect(openCheckpoint(folder('wrong.ckpt'))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      hint: expect.stringContaining('.safetensors'),
    });
  });
});

describe('checkpointFilesIn', () => {
  const shard = (n: number) => `model-0000${n}-of-00002.safetensors`;
  const indexOf = (...files: string[]) =>
    JSON.stringify({ weight_map: Object.fromEntries(files.map((file, i) => [`w${i}`, file])) });

  it('finds an index in the place of its shards', async () => {
    const there = await mkdtemp(folder('sharded-'));
    await mkdir(join(there, 'unet'));
    for (const name of [shard(1), shard(2), 'other.pt']) await writeFile(join(there, name), '');
    for (const path of ['unet/a.bin', 'unet/b.ckpt', 'unet/config.json'])
      await writeFile(join(there, path), '');
    await writeFile(join(there, 'model.safetensors.index.json'), indexOf(shard(1), shard(2)));
    await writeFile(join(there, 'unet/a.bin.index.fp16.json'), indexOf('a.bin'));
    expect(await checkpointFilesIn(there)).toEqual(
      ['model.safetensors.index.json', 'other.pt', 'unet/a.bin.index.fp16.json', 'unet/b.ckpt'].map(
        (path) => join(there, path),
      ),
    );
  });

  it('but ignores an index none of whose shards is there', async () => {
    const there = await mkdtemp(folder('sharded-'));
    await writeFile(join(there, 'model.safetensors'), '');
    await writeFile(join(there, 'model.bin.index.json'), indexOf('model-1.bin', 'model-2.bin'));
    expect(await checkpointFilesIn(there)).toEqual([join(there, 'model.safetensors')]);
  });
});

describe('weightFilesUnder', () => {
  it('searches all subfolders without following symbolic links', async () => {
    const there = await mkdtemp(folder('deep-'));
    await mkdir(join(there, 'runs/1/best.bin'), { recursive: true });
    for (const path of ['a.pt', 'notes.txt', 'runs/1/b.ckpt', 'runs/1/best.bin/c.bin']) {
      await writeFile(join(there, path), '');
    }
    await symlink(there, join(there, 'runs/back'), 'junction');
    expect(await weightFilesUnder(there)).toEqual(
      ['a.pt', 'runs/1/b.ckpt', 'runs/1/best.bin/c.bin'].map((path) => join(there, path)),
    );
  });
});

describe('weightsIn', () => {
  const stem = 'diffusion_pytorch_model';
  it.each([
    [[`${stem}.fp16.safetensors`, `${stem}.bin`], `${stem}.bin`],
    [[`${stem}.fp16.safetensors`, `${stem}.fp16.bin`], `${stem}.fp16.safetensors`],
    [[`${stem}.bin`, `${stem}.safetensors`], `${stem}.safetensors`],
    [
      [`${stem}-00001-of-00002.safetensors`, `${stem}.safetensors.index.json`],
      `${stem}.safetensors.index.json`,
    ],
    [[`${stem}.safetensors.index.fp16.json`], `${stem}.safetensors.index.fp16.json`],
    [['model.safetensors'], 'model.safetensors'],
  ])('of %j takes %s', async (files, expected) => {
    const part = await mkdtemp(folder('part-'));
    for (const file of files) await writeFile(join(part, file), '');
    expect(await weightsIn(part, [stem, 'model'])).toBe(join(part, expected));
  });

  it('says what is missing', async () => {
    const part = folder('empty');
    await mkdir(part);
    const refusal = {
      code: 'MISSING_FILE',
      message: expect.stringContaining(`${stem}.safetensors`),
    };
    await expect(weightsIn(part, [stem])).rejects.toMatchObject(refusal);
    await expect(weightsIn(folder('none'), [stem])).rejects.toMatchObject(refusal);
  });
});
