import { open, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { readBundle, verifyBundle } from '@emoeditor/companion-server/models/readBundle.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { torch, writeAuthors, writeDiffusers } from '../../fakes/checkpoints/publishedModels.ts';
import { TENSORS } from '../../fakes/checkpoints/smallModel.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';

const PREDICTOR = join(import.meta.dirname, '../../golden/models/predictor');
const signal = new AbortController().signal;
const root = temporaryFolder();
let release: string;
let linked: string;

beforeAll(async () => {
  release = root('release');
  linked = root('linked');
  await writeAuthors(release);
});

/** Waves, so that every weight counts. */
const waves = (...dims: number[]): Tensor => {
  const length = dims.reduce((product, side) => product * side, 1);
  return tensor(
    Float32Array.from({ length }, (_, i) => Math.sin(i * 0.7) * 0.8),
    dims,
  );
};

async function run(folder: string, part: string, inputs: Record<string, Tensor>) {
  const session = await openOnnxSession(join(folder, `${part}.onnx`), {
    provider: 'cpu',
    threads: 1,
  });
  const outputs = await session.run(inputs);
  await session.release();
  return outputs;
}

describe('an import that leaves the weights where they are', () => {
  it('hard-links the user’s file, and the graphs read from it', async () => {
    const file = join(release, 'model/model_ip2p.pt');
    const before = await readFile(file);
    const report = await importBundle(release, linked, { link: true, predictor: PREDICTOR });
    expect(report.linked).toEqual(
      expect.arrayContaining([file, join(release, 'model/model_emoenc.pt')]),
    );
    expect(report.bundle.precision).toMatchObject({ unet: 'float16', emotionEncoder: 'float32' });
    expect((await stat(join(linked, 'unet.weights'))).ino).toBe((await stat(file)).ino);
    expect((await readFile(file)).equals(before)).toBe(true);
    const copied = root('copied');
    await importBundle(release, copied, {
      precision: { unet: 'float16', vaeDecoder: 'float16', emotionEncoder: 'float32' },
      predictor: PREDICTOR,
    });
    const inputs = {
      unet: {
        sample: waves(1, 8, 8, 8),
        timestep: tensor(Float32Array.of(300), [1]),
        tokens: waves(1, 5, 24),
      },
      vaeDecoder: { latents: waves(1, 4, 4, 4) },
      emotionEncoder: { directions: waves(1, 8) },
    };
    for (const [part, feeds] of Object.entries(inputs)) {
      expect(await run(linked, part, feeds), part).toEqual(await run(copied, part, feeds));
    }
  });

  it('still works after the user deletes the original name of the file', async () => {
    await rm(join(release, 'model'), { recursive: true });
    const bundle = await readBundle(linked);
    await expect(verifyBundle(linked, bundle, signal)).resolves.toBeUndefined();
    await writeAuthors(release);
  });

  it('is found damaged when the file is changed in place', async () => {
    const changed = root('changed');
    await writeAuthors(changed);
    const target = root('damaged');
    const { bundle } = await importBundle(changed, target, { link: true, predictor: PREDICTOR });
    const file = await open(join(changed, 'model/model_ip2p.pt'), 'r+');
    await file.write(Uint8Array.of(1, 2, 3, 4), 0, 4, 1_000_000);
    await file.close();
    await expect(verifyBundle(target, bundle, signal)).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
    });
  });

  it('copies a predictor whose layers are folded, since almost none of its weights could be linked', async () => {
    const names = await readdir(linked);
    expect(names).toContain('unet.own.weights');
    expect(names).not.toContain('predictor.own.weights');
    expect((await stat(join(linked, 'predictor.weights'))).nlink).toBe(1);
  });

  it('follows the symbolic links of a download cache', async () => {
    const cache = root('cache');
    await symlink(release, cache);
    const target = root('fromCache');
    await importBundle(cache, target, { link: true, predictor: PREDICTOR });
    expect((await stat(join(target, 'unet.weights'))).isFile()).toBe(true);
  });

  it('refuses NaN in linked weights, and does not change the file', async () => {
    const path = root('nan.pt');
    const [first, ...rest] = TENSORS.emotion_encoder;
    await torch(path, [
      {
        name: 'fc.0.weight',
        shape: first?.shape ?? [],
        values: new Float32Array(128).fill(Number.NaN),
      },
      ...rest,
    ]);
    expect(first?.name).toBe('fc.0.weight');
    const before = await stat(path);
    const options = { link: true, predictor: PREDICTOR, emotionEncoder: path };
    await expect(importBundle(release, root('nan'), options)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('NaN'),
    });
    expect((await readdir(root())).filter((name) => name.startsWith('nan'))).toEqual(['nan.pt']);
    expect(await stat(path)).toMatchObject({
      size: before.size,
      mtimeMs: before.mtimeMs,
      nlink: 1,
    });
  });

  it('refuses a network in several files', async () => {
    const pipeline = root('pipeline');
    await writeDiffusers(pipeline);
    const encoder = join(release, 'model/model_emoenc.pt');
    const options = { link: true, predictor: PREDICTOR, emotionEncoder: encoder };
    await expect(importBundle(pipeline, root('sharded'), options)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/unet in one file.*00001-of-00002.*00002-of-00002/),
    });
  });
});
