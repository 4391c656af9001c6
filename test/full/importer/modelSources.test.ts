import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openSafetensors } from '@emoeditor/companion-server/importer/checkpoint/safetensors.ts';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { readBundle } from '@emoeditor/companion-server/models/readBundle.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { float32, smallBundle, sums } from '../../fakes/checkpoints/madeOnce.ts';
import {
  safetensors,
  torch,
  writeAuthors,
  writeDiffusers,
  writeLdm,
} from '../../fakes/checkpoints/publishedModels.ts';
import { TENSORS } from '../../fakes/checkpoints/smallModel.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';

/* The authors' folder, and what is refused: authorsSources.test.ts. */

const RESNET = join(import.meta.dirname, '../../golden/resnet/basic.safetensors');
const folder = temporaryFolder('each');
/** sha256 by file of the bundle that our own export of the same numbers gives. */
let expected: Record<string, string>;

beforeAll(async () => {
  expected = sums((await readBundle(await smallBundle())).files);
});

describe('importBundle gives the same graphs and weights', () => {
  it('of the authors’ release as it is, with its ResNet', async () => {
    const release = folder('release');
    await writeAuthors(release);
    await mkdir(join(release, 'emo_predictor'));
    const resnet = await openSafetensors(RESNET);
    const tensors = await Promise.all(
      Array.from(resnet.shapes, async ([name, shape]) => ({
        name,
        shape,
        values: await resnet.read(name),
      })),
    );
    await resnet.close();
    await torch(join(release, 'emo_predictor/emo_predictor.pt'), tensors);
    const { bundle, unused } = await importBundle(release, folder('new'), {
      precision: 'float32',
    });
    const others = (files: Record<string, string>) =>
      Object.fromEntries(Object.entries(files).filter(([name]) => !name.startsWith('predictor')));
    expect(others(sums(bundle.files))).toEqual(others(expected));
    expect(bundle.predictor).toEqual({
      inputSize: 224,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      temperature: 1,
    });
    expect(Object.keys(unused)).toEqual(['predictor']);
    expect(
      Object.values(unused)
        .flat()
        .every((name) => name.endsWith('.num_batches_tracked')),
    ).toBe(true);
  });

  it('of a file of CompVis’ code and an emotion encoder apart, and lists what is over', async () => {
    await writeLdm(folder('small.ckpt'));
    await torch(folder('enc.pt'), TENSORS.emotion_encoder);
    const { bundle, unused } = await importBundle(folder('small.ckpt'), folder('new'), {
      ...float32,
      emotionEncoder: folder('enc.pt'),
    });
    expect(sums(bundle.files)).toEqual(expected);
    expect(unused).toEqual({ 'small.ckpt': ['betas'] });
    expect(bundle.provenance).toMatchObject({ unused });
    expect(bundle.name).toBe('small');
  });

  it('of a diffusers folder with shards, and halves in a pickle', async () => {
    await writeDiffusers(folder('pipeline'));
    await safetensors(folder('enc.safetensors'), TENSORS.emotion_encoder);
    const { bundle } = await importBundle(folder('pipeline'), folder('new'), {
      ...float32,
      emotionEncoder: folder('enc.safetensors'),
    });
    expect(sums(bundle.files)).toEqual(expected);
  });
});
