import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ImportOptions,
  importBundle,
} from '@emoeditor/companion-server/importer/importBundle.ts';
import { openSafetensors } from '@emoeditor/companion-server/importer/safetensors.ts';
import { loadModelSet } from '@emoeditor/companion-server/models/loadModelSet.ts';
import { readBundle } from '@emoeditor/companion-server/models/readBundle.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  safetensors,
  torch,
  writeAuthors,
  writeDiffusers,
  writeExport,
  writeLdm,
} from '../../../fakes/checkpoints/publishedModels.ts';
import { TENSORS } from '../../../fakes/checkpoints/smallModel.ts';

const PREDICTOR = join(import.meta.dirname, '../../../golden/models/predictor');
const float32 = { precision: 'float32', predictor: PREDICTOR } satisfies ImportOptions;
const RESNET = join(import.meta.dirname, '../../../golden/resnet/basic.safetensors');
const TEXT = join(import.meta.dirname, '../../../golden/text');
const TOKENIZER = join(import.meta.dirname, '../../../golden/instruct/tokenizer');
let root: string;
let work: string;
/** sha256 by file of the bundle that our own export of the same numbers gives. */
let expected: Record<string, string>;

const sums = (files: readonly { name: string; sha256: string }[]) =>
  Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256]));

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

describe('importBundle gives the same graphs and weights', () => {
  it('of the authors’ release as it is, with its ResNet', async () => {
    const release = join(work, 'release');
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
    const { bundle, unused } = await importBundle(release, join(work, 'new'), {
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
    await writeAuthors(join(work, 'release'));
    const { bundle, unused } = await importBundle(join(work, 'release'), join(work, 'new'), {
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
    await writeLdm(join(work, 'small.ckpt'));
    await torch(join(work, 'enc.pt'), TENSORS.emotion_encoder);
    const { bundle, unused } = await importBundle(join(work, 'small.ckpt'), join(work, 'new'), {
      ...float32,
      emotionEncoder: join(work, 'enc.pt'),
    });
    expect(sums(bundle.files)).toEqual(expected);
    expect(unused).toEqual({ 'small.ckpt': ['betas'] });
    expect(bundle.provenance).toMatchObject({ unused });
    expect(bundle.name).toBe('small');
  });

  it('of a diffusers folder with shards, and halves in a pickle', async () => {
    await writeDiffusers(join(work, 'pipeline'));
    await safetensors(join(work, 'enc.safetensors'), TENSORS.emotion_encoder);
    const { bundle } = await importBundle(join(work, 'pipeline'), join(work, 'new'), {
      ...float32,
      emotionEncoder: join(work, 'enc.safetensors'),
    });
    expect(sums(bundle.files)).toEqual(expected);
  });
});

describe('importBundle without an emotion encoder', () => {
  it('takes the text encoder of a diffusers folder and makes a bundle that follows instructions', async () => {
    const pipeline = join(work, 'pipeline');
    await writeDiffusers(pipeline);
    await cp(TEXT, join(pipeline, 'text_encoder'), { recursive: true });
    await cp(TOKENIZER, join(pipeline, 'tokenizer'), { recursive: true });
    const { bundle } = await importBundle(pipeline, join(work, 'new'), float32);
    expect(bundle).toMatchObject({
      kind: 'instruction',
      conditioning: { tokens: 77, width: 24 },
      workingSize: { area: 256 * 256 },
    });
    expect(Object.keys(bundle.precision).toSorted()).toEqual([
      'predictor',
      'textEncoder',
      'unet',
      'vaeDecoder',
      'vaeEncoder',
    ]);
    const names = bundle.files.map(({ name }) => name);
    expect(names).toContain('textEncoder.weights');
    expect(names).not.toContain('emotionEncoder.onnx');
    expect(sums(bundle.files)['unet.weights']).toBe(expected['unet.weights']);
    expect((await readBundle(join(work, 'new'))).kind).toBe('instruction');
  });

  it('takes it along beside the emotion encoder when that is wanted', async () => {
    const pipeline = join(work, 'pipeline');
    await writeDiffusers(pipeline);
    await cp(TEXT, join(pipeline, 'text_encoder'), { recursive: true });
    await cp(TOKENIZER, join(pipeline, 'tokenizer'), { recursive: true });
    const last = [
      { name: 'fc.4.weight', shape: [77 * 24, 24], values: new Float32Array(77 * 24 * 24) },
      { name: 'fc.4.bias', shape: [77 * 24], values: new Float32Array(77 * 24) },
    ];
    const others = TENSORS.emotion_encoder.filter(({ name }) => !name.startsWith('fc.4'));
    await torch(join(work, 'enc.pt'), [...others, ...last]);
    const emotionEncoder = join(work, 'enc.pt');
    const options = { ...float32, emotionEncoder, withText: true };
    const { bundle } = await importBundle(pipeline, join(work, 'new'), options);
    expect(bundle).toMatchObject({
      kind: 'emotion-direction',
      guidance: { text: 7.5, image: 1.5 },
      precision: { textEncoder: 'float32', emotionEncoder: 'float32' },
    });
    const models = await loadModelSet(join(work, 'new'), { provider: 'cpu', threads: 1 });
    try {
      const [tokens] = (await models.instructions?.encode(['make it rain'])) ?? [];
      expect(tokens?.dims).toEqual([1, 77, 24]);
      const one = { data: Float32Array.of(0, 0, 1, 0, 0, 0, 0, 0), dims: [1, 8] };
      expect((await models.emotionEncoder?.encode(one))?.dims).toEqual([1, 77, 24]);
    } finally {
      await models.release();
    }
    await torch(join(work, 'five.pt'), TENSORS.emotion_encoder);
    const misfit = { ...options, emotionEncoder: join(work, 'five.pt') };
    await expect(importBundle(pipeline, join(work, 'other'), misfit)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/5 tokens from both encoders.*77/),
    });
  });

  it('reads the tokenizer that is named, and says when it is not there', async () => {
    const pipeline = join(work, 'pipeline');
    await writeDiffusers(pipeline);
    await cp(TEXT, join(pipeline, 'text_encoder'), { recursive: true });
    const { bundle } = await importBundle(pipeline, join(work, 'new'), {
      ...float32,
      tokenizer: TOKENIZER,
    });
    expect(bundle.files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['vocab.json', 'merges.txt']),
    );
    const elsewhere = { ...float32, tokenizer: work };
    await expect(importBundle(pipeline, join(work, 'other'), elsewhere)).rejects.toMatchObject({
      code: 'MISSING_FILE',
      message: expect.stringContaining('vocab.json'),
    });
    // CLIP's own knows more words than this small text encoder.
    await expect(importBundle(pipeline, join(work, 'other'), float32)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/at most 300 tokens.*49408/),
    });
  });

  it('but not when both are there: then the words are left over', async () => {
    const pipeline = join(work, 'pipeline');
    await writeLdm(join(work, 'small.ckpt'));
    await torch(join(work, 'enc.pt'), TENSORS.emotion_encoder);
    await safetensors(join(work, 'text.safetensors'), [
      { name: 'text_model.final_layer_norm.weight', shape: [24], values: new Float32Array(24) },
    ]);
    await mkdir(pipeline);
    for (const name of ['small.ckpt', 'enc.pt', 'text.safetensors']) {
      await cp(join(work, name), join(pipeline, name));
    }
    const { bundle, unused } = await importBundle(pipeline, join(work, 'new'), float32);
    expect(bundle.kind).toBe('emotion-direction');
    expect(unused).toMatchObject({ textEncoder: ['text_model.final_layer_norm.weight'] });
  });
});

describe('importBundle refuses', () => {
  const refusal = async (path: string, options: ImportOptions, code: string, reason: RegExp) => {
    await expect(importBundle(path, join(work, 'new'), options)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(reason),
    });
    expect((await readdir(work)).filter((name) => name.startsWith('new'))).toEqual([]);
  };

  it('a model without its emotion encoder, and says how to give it', async () => {
    await writeLdm(join(work, 'small.ckpt'));
    await refusal(
      join(work, 'small.ckpt'),
      float32,
      'MISSING_FILE',
      /an emotion encoder.*only a UNet, a VAE/,
    );
  });

  it('a model without a predictor', async () => {
    await writeAuthors(work);
    await refusal(work, {}, 'MISSING_FILE', /an emotion predictor/);
  });

  it('a folder with two of a kind', async () => {
    await writeAuthors(work);
    await cp(join(work, 'model/model_emoenc.pt'), join(work, 'model/old.pt'));
    await refusal(work, float32, 'UNSUPPORTED', /model_emoenc\.pt and .*old\.pt both/);
  });

  it('an emotion encoder for another UNet', async () => {
    await writeAuthors(work);
    const [first, ...rest] = TENSORS.emotion_encoder.toReversed();
    await torch(join(work, 'other.pt'), [
      ...rest,
      { name: 'fc.4.weight', shape: [121, 24], values: new Float32Array(121 * 24) },
    ]);
    expect(first?.name).toBe('fc.4.bias');
    await rm(join(work, 'model/model_emoenc.pt'));
    await refusal(
      work,
      { ...float32, emotionEncoder: join(work, 'other.pt') },
      'UNSUPPORTED',
      /width 24.*121 numbers/,
    );
  });

  it('a tensor that is missing, by name and shape', async () => {
    await writeAuthors(work);
    const tensors = TENSORS.emotion_encoder.filter(({ name }) => name !== 'fc.2.bias');
    await torch(join(work, 'model/model_emoenc.pt'), tensors);
    await refusal(work, float32, 'MISSING_TENSOR', /fc\.2\.bias \[24\]/);
  });

  it('a tensor that is not a number, after others were written', async () => {
    await writeAuthors(work);
    const tensors = TENSORS.emotion_encoder.map((tensor) =>
      tensor.name === 'fc.2.bias'
        ? { ...tensor, values: tensor.values.map(() => Number.NaN) }
        : tensor,
    );
    await torch(join(work, 'model/model_emoenc.pt'), tensors);
    await refusal(work, float32, 'UNSUPPORTED', /fc\.2\.bias but it holds NaN/);
  });

  it('a pipeline of another family', async () => {
    await writeFile(join(work, 'model_index.json'), '{"_class_name": "StableDiffusionXLPipeline"}');
    await refusal(work, float32, 'UNSUPPORTED', /is a StableDiffusionXLPipeline/);
  });

  it('a folder without a model, and a path that is not there', async () => {
    await refusal(work, float32, 'MISSING_FILE', /card\.json.*model_index\.json.*checkpoint files/);
    await refusal(join(work, 'none'), float32, 'MISSING_FILE', /not there/);
  });
});
