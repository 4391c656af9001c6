import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { loadModelSet } from '@emoeditor/companion-server/models/loadModelSet.ts';
import { describe, expect, it } from 'vitest';
import {
  safetensors,
  torch,
  writeDiffusers,
  writeLdm,
} from '../../fakes/checkpoints/publishedModels.ts';
import { TENSORS } from '../../fakes/checkpoints/smallModel.ts';
import { float32, TEXT, TOKENIZER } from '../../fakes/checkpoints/textEncoder.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';

const folder = temporaryFolder('each');

describe('importBundle of a text encoder', () => {
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
