import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ImportOptions,
  importBundle,
} from '@emoeditor/companion-server/importer/importBundle.ts';
import { loadModelSet } from '@emoeditor/companion-server/models/loadModelSet.ts';
import { readBundle } from '@emoeditor/companion-server/models/readBundle.ts';
import { describe, expect, it } from 'vitest';
import { writeInstructPix2Pix } from '../../../fakes/checkpoints/instructPix2Pix.ts';
import {
  safetensors,
  torch,
  writeDiffusers,
  writeLdm,
} from '../../../fakes/checkpoints/publishedModels.ts';
import { CONFIGS, TENSORS } from '../../../fakes/checkpoints/smallModel.ts';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const GOLDEN = join(import.meta.dirname, '../../../golden');
const TEXT = join(GOLDEN, 'text');
const TOKENIZER = join(GOLDEN, 'instruct/tokenizer');
const float32 = {
  precision: 'float32',
  predictor: join(GOLDEN, 'models/predictor'),
} satisfies ImportOptions;
const folder = temporaryFolder('each');

describe('importBundle without an emotion encoder', () => {
  it('takes the text encoder of a diffusers folder and makes a bundle that follows instructions', async () => {
    const pipeline = folder('pipeline');
    await writeDiffusers(pipeline);
    await cp(TEXT, join(pipeline, 'text_encoder'), { recursive: true });
    await cp(TOKENIZER, join(pipeline, 'tokenizer'), { recursive: true });
    const { bundle } = await importBundle(pipeline, folder('new'), float32);
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
    expect((await readBundle(folder('new'))).kind).toBe('instruction');
  });

  it('imports it in addition to the emotion encoder on request', async () => {
    const pipeline = folder('pipeline');
    await writeDiffusers(pipeline);
    await cp(TEXT, join(pipeline, 'text_encoder'), { recursive: true });
    await cp(TOKENIZER, join(pipeline, 'tokenizer'), { recursive: true });
    const last = [
      { name: 'fc.4.weight', shape: [77 * 24, 24], values: new Float32Array(77 * 24 * 24) },
      { name: 'fc.4.bias', shape: [77 * 24], values: new Float32Array(77 * 24) },
    ];
    const others = TENSORS.emotion_encoder.filter(({ name }) => !name.startsWith('fc.4'));
    await torch(folder('enc.pt'), [...others, ...last]);
    const emotionEncoder = folder('enc.pt');
    const options = { ...float32, emotionEncoder, withText: true };
    const { bundle } = await importBundle(pipeline, folder('new'), options);
    expect(bundle).toMatchObject({
      kind: 'emotion-direction',
      guidance: { text: 7.5, image: 1.5 },
      precision: { textEncoder: 'float32', emotionEncoder: 'float32' },
    });
    const models = await loadModelSet(folder('new'), { provider: 'cpu', threads: 1 });
    try {
      const [tokens] = (await models.instructions?.encode(['make it rain'])) ?? [];
      expect(tokens?.dims).toEqual([1, 77, 24]);
      const one = { data: Float32Array.of(0, 0, 1, 0, 0, 0, 0, 0), dims: [1, 8] };
      expect((await models.emotionEncoder?.encode(one))?.dims).toEqual([1, 77, 24]);
    } finally {
      await models.release();
    }
    await torch(folder('five.pt'), TENSORS.emotion_encoder);
    const misfit = { ...options, emotionEncoder: folder('five.pt') };
    await expect(importBundle(pipeline, folder('other'), misfit)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/5 tokens from both encoders.*77/),
    });
  });

  it('reads the tokenizer that is named, and says when it is not there', async () => {
    const pipeline = folder('pipeline');
    await writeDiffusers(pipeline);
    await cp(TEXT, join(pipeline, 'text_encoder'), { recursive: true });
    const { bundle } = await importBundle(pipeline, folder('new'), {
      ...float32,
      tokenizer: TOKENIZER,
    });
    expect(bundle.files.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['vocab.json', 'merges.txt']),
    );
    const elsewhere = { ...float32, tokenizer: folder() };
    await expect(importBundle(pipeline, folder('other'), elsewhere)).rejects.toMatchObject({
      code: 'MISSING_FILE',
      message: expect.stringContaining('vocab.json'),
    });
    // CLIP's own knows more words than this small text encoder.
    await expect(importBundle(pipeline, folder('other'), float32)).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/at most 300 tokens.*49408/),
    });
  });

  it('reads a tokenizer.json, and sets no image guidance for a UNet without image conditioning', async () => {
    const pipeline = folder('pipeline');
    await writeDiffusers(pipeline);
    await cp(TEXT, join(pipeline, 'text_encoder'), { recursive: true });
    const read = (name: string) => readFile(join(TOKENIZER, name), 'utf8');
    const vocab = JSON.parse(await read('vocab.json'));
    const merges = (await read('merges.txt')).trimEnd().split('\n').slice(1);
    await mkdir(join(pipeline, 'tokenizer'));
    await writeFile(
      join(pipeline, 'tokenizer/tokenizer.json'),
      JSON.stringify({ model: { vocab, merges } }),
    );
    await writeFile(
      join(pipeline, 'unet/config.json'),
      JSON.stringify({ ...CONFIGS.unet, in_channels: 4 }),
    );
    await rm(join(pipeline, 'unet/diffusion_pytorch_model.safetensors.index.json'));
    const unet = TENSORS.unet.map((tensor) => {
      if (tensor.name !== 'conv_in.weight') return tensor;
      const values = tensor.values.subarray(0, tensor.values.length / 2);
      return { ...tensor, shape: [tensor.shape[0] ?? 0, 4, 3, 3], values };
    });
    await safetensors(join(pipeline, 'unet/diffusion_pytorch_model.safetensors'), unet);
    const { bundle } = await importBundle(pipeline, folder('new'), float32);
    expect(bundle).toMatchObject({
      guidance: { text: 7.5, image: 1 },
      fast: { strongest: { startStrength: 0.8 } },
    });
    const written = await readFile(folder('new/merges.txt'), 'utf8');
    expect(written).toBe(await read('merges.txt'));
  });

  it('reads the tokenizer that lies in a folder of weights without configs', async () => {
    const pulled = folder('pulled');
    await writeInstructPix2Pix(pulled);
    const merges = async (bundle: string) => {
      await importBundle(pulled, folder(bundle), float32);
      return readFile(folder(bundle, 'merges.txt'), 'utf8');
    };
    const own = await readFile(join(TOKENIZER, 'merges.txt'), 'utf8');
    await cp(TOKENIZER, join(pulled, 'tokenizer'), { recursive: true });
    expect(await merges('own')).toBe(own);
    await rm(join(pulled, 'tokenizer'), { recursive: true });
    expect((await merges('clip')).length).toBeGreaterThan(500_000);
  });

  it('but not when both are there: then the text encoder is unused', async () => {
    const pipeline = folder('pipeline');
    await writeLdm(folder('small.ckpt'));
    await torch(folder('enc.pt'), TENSORS.emotion_encoder);
    await safetensors(folder('text.safetensors'), [
      { name: 'text_model.final_layer_norm.weight', shape: [24], values: new Float32Array(24) },
    ]);
    await mkdir(pipeline);
    for (const name of ['small.ckpt', 'enc.pt', 'text.safetensors']) {
      await cp(folder(name), join(pipeline, name));
    }
    const { bundle, unused } = await importBundle(pipeline, folder('new'), float32);
    expect(bundle.kind).toBe('emotion-direction');
    // Its training never dropped the conditioning: nothing is compared with no tokens.
    expect(bundle.fast?.weakest.guidanceScale).toBe(1);
    expect(bundle.fast?.strongest.guidanceScale).toBe(1);
    expect(unused).toMatchObject({
      'text.safetensors': ['text_model.final_layer_norm.weight'],
    });
  });
});
