import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSafetensors } from '@emoeditor/companion-server/importer/checkpoint/safetensors.ts';
import {
  type ImportOptions,
  importBundle,
} from '@emoeditor/companion-server/importer/importBundle.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  safetensors,
  torch,
  writeAuthors,
  writeDiffusers,
  writeExport,
  writeLdm,
} from '../../../fakes/checkpoints/publishedModels.ts';
import { TENSORS } from '../../../fakes/checkpoints/smallModel.ts';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const PREDICTOR = join(import.meta.dirname, '../../../golden/models/predictor');
const float32 = { precision: 'float32', predictor: PREDICTOR } satisfies ImportOptions;
const RESNET = join(import.meta.dirname, '../../../golden/resnet/basic.safetensors');
const shared = temporaryFolder();
const folder = temporaryFolder('each');
/** sha256 by file of the bundle that our own export of the same numbers gives. */
let expected: Record<string, string>;

const sums = (files: readonly { name: string; sha256: string }[]) =>
  Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256]));

beforeAll(async () => {
  const exported = shared('export');
  await writeExport(exported, PREDICTOR);
  const { bundle } = await importBundle(exported, shared('expected'), float32);
  expected = sums(bundle.files);
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

  it('of the authors’ folder', async () => {
    await writeAuthors(folder('release'));
    const { bundle, unused } = await importBundle(folder('release'), folder('new'), {
      ...float32,
      name: 'EmoEditor',
      licence: 'unknown',
    });
    expect(sums(bundle.files)).toEqual(expected);
    expect(unused).toEqual({});
    expect(bundle).toMatchObject({
      name: 'EmoEditor',
      licence: 'unknown',
      workingSize: { area: 224 * 224 },
      conditioning: { tokens: 5, width: 24 },
      provenance: { importedFrom: ['model_emoenc.pt', 'model_ip2p.pt', 'model.safetensors'] },
    });
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

describe('importBundle refuses', () => {
  const refusal = async (path: string, options: ImportOptions, code: string, reason: RegExp) => {
    await expect(importBundle(path, folder('new'), options)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(reason),
    });
    expect((await readdir(folder())).filter((name) => name.startsWith('new'))).toEqual([]);
  };

  it('a model without its emotion encoder, and says how to give it', async () => {
    await writeLdm(folder('small.ckpt'));
    await refusal(
      folder('small.ckpt'),
      float32,
      'MISSING_FILE',
      /an emotion encoder.*only a UNet, a VAE/,
    );
  });

  it('a model without a predictor', async () => {
    await writeAuthors(folder());
    await refusal(folder(), {}, 'MISSING_FILE', /an emotion predictor/);
  });

  it('a folder with two of a kind', async () => {
    await writeAuthors(folder());
    await cp(folder('model/model_emoenc.pt'), folder('model/old.pt'));
    await refusal(folder(), float32, 'UNSUPPORTED', /model_emoenc\.pt and .*old\.pt both/);
  });

  it('an emotion encoder for another UNet', async () => {
    await writeAuthors(folder());
    const [first, ...rest] = TENSORS.emotion_encoder.toReversed();
    await torch(folder('other.pt'), [
      ...rest,
      { name: 'fc.4.weight', shape: [121, 24], values: new Float32Array(121 * 24) },
    ]);
    expect(first?.name).toBe('fc.4.bias');
    await rm(folder('model/model_emoenc.pt'));
    await refusal(
      folder(),
      { ...float32, emotionEncoder: folder('other.pt') },
      'UNSUPPORTED',
      /width 24.*121 numbers/,
    );
  });

  it('a tensor that is missing, by name and shape', async () => {
    await writeAuthors(folder());
    const tensors = TENSORS.emotion_encoder.filter(({ name }) => name !== 'fc.2.bias');
    await torch(folder('model/model_emoenc.pt'), tensors);
    await refusal(folder(), float32, 'MISSING_TENSOR', /fc\.2\.bias \[24\]/);
  });

  it('a tensor that is not a number, after others were written', async () => {
    await writeAuthors(folder());
    const tensors = TENSORS.emotion_encoder.map((tensor) =>
      tensor.name === 'fc.2.bias'
        ? { ...tensor, values: tensor.values.map(() => Number.NaN) }
        : tensor,
    );
    await torch(folder('model/model_emoenc.pt'), tensors);
    await refusal(folder(), float32, 'UNSUPPORTED', /fc\.2\.bias but it holds NaN/);
  });

  it('a pipeline of another family', async () => {
    await writeFile(folder('model_index.json'), '{"_class_name": "StableDiffusionXLPipeline"}');
    await refusal(folder(), float32, 'UNSUPPORTED', /is a StableDiffusionXLPipeline/);
  });

  it('a folder without a model, and a path that is not there', async () => {
    await refusal(
      folder(),
      float32,
      'MISSING_FILE',
      /card\.json.*model_index\.json.*checkpoint files/,
    );
    await refusal(folder('none'), float32, 'MISSING_FILE', /not there/);
  });
});
