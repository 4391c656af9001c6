import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { describe, expect, it } from 'vitest';
import { writeInstructPix2Pix } from '../../fakes/checkpoints/instructPix2Pix.ts';
import { safetensors, writeDiffusers } from '../../fakes/checkpoints/publishedModels.ts';
import { CONFIGS, TENSORS } from '../../fakes/checkpoints/smallModel.ts';
import { float32, TEXT, TOKENIZER } from '../../fakes/checkpoints/textEncoder.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';

const folder = temporaryFolder('each');

describe('importBundle without an emotion encoder', () => {
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
});
