import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { describe, expect, it } from 'vitest';
import {
  ldmTensors,
  safetensors,
  torch,
  writeDiffusers,
} from '../../fakes/checkpoints/publishedModels.ts';
import { CONFIGS, type NamedTensor, TENSORS } from '../../fakes/checkpoints/smallModel.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';

const folder = temporaryFolder('each');

/** Its cross-attention takes tokens of another width. */
const conditionedBy = (width: number, tensors: readonly NamedTensor[]): NamedTensor[] =>
  tensors.map((tensor) => {
    if (!/attn2\.to_[kv]\.weight$/.test(tensor.name)) return tensor;
    const [rows = 0] = tensor.shape;
    return { ...tensor, shape: [rows, width], values: new Float32Array(rows * width) };
  });

const one = (name: string): NamedTensor => ({ name, shape: [1], values: Float32Array.of(1) });

async function writePipeline(config: object, unet: readonly NamedTensor[]): Promise<string> {
  const path = folder('pipeline');
  await writeDiffusers(path);
  await writeFile(join(path, 'model_index.json'), '{"_class_name": "StableDiffusionPipeline"}');
  await writeFile(join(path, 'unet/config.json'), JSON.stringify({ ...CONFIGS.unet, ...config }));
  await rm(join(path, 'unet/diffusion_pytorch_model.safetensors.index.json'));
  await safetensors(join(path, 'unet/diffusion_pytorch_model.safetensors'), unet);
  return path;
}

async function expectRefusal(path: string, reason: RegExp): Promise<void> {
  const before = await readdir(folder());
  await expect(importBundle(path, folder('new'))).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringMatching(reason),
    hint: expect.stringContaining('Stable Diffusion 1'),
  });
  expect(await readdir(folder())).toEqual(before);
}

describe('importBundle refuses by name', () => {
  it.each([
    ['with our keys', {}],
    ['with a key that is not built', { num_class_embeds: 1000 }],
  ])('a diffusers folder of Stable Diffusion 2, %s', async (_, config) => {
    const sd2 = { in_channels: 4, cross_attention_dim: 1024, attention_head_dim: [5, 10, 20, 20] };
    const path = await writePipeline({ ...sd2, ...config }, conditionedBy(1024, TENSORS.unet));
    await expectRefusal(path, /pipeline.* is Stable Diffusion 2: .*tokens of width 1024/);
  });

  it('one of a latent consistency model', async () => {
    const unet = [...TENSORS.unet, one('time_embedding.cond_proj.weight')];
    const path = await writePipeline({ time_cond_proj_dim: 256 }, unet);
    await expectRefusal(path, /is a latent consistency model: .*time_embedding\.cond_proj/);
  });

  it.each([
    [
      'Stable Diffusion 2',
      [...conditionedBy(1024, ldmTensors()), one('cond_stage_model.model.ln_final.weight')],
      /is Stable Diffusion 2: .*cond_stage_model\.model\./,
    ],
    [
      'Stable Diffusion 2, its UNet alone',
      conditionedBy(1024, TENSORS.unet),
      /is Stable Diffusion 2: .*width 1024/,
    ],
    [
      'Stable Diffusion XL',
      [
        ...conditionedBy(2048, ldmTensors()),
        one('conditioner.embedders.0.transformer.text_model.final_layer_norm.weight'),
        one('model.diffusion_model.label_emb.0.0.weight'),
      ],
      /is Stable Diffusion XL: /,
    ],
    [
      'the refiner, its UNet alone',
      conditionedBy(1280, TENSORS.unet),
      /is the refiner of Stable Diffusion XL: .*width 1280/,
    ],
  ])('a file of %s', async (_, tensors, reason) => {
    await safetensors(folder('model.safetensors'), tensors);
    await expectRefusal(folder('model.safetensors'), reason);
    await torch(folder('model.ckpt'), tensors, true, 'state_dict');
    await expectRefusal(folder('model.ckpt'), reason);
  });
});

describe('adapters and objectives by their names', () => {
  it.each([
    [
      'down_blocks.0.attentions.0.transformer_blocks.0.attn1.processor.to_q_lora.down.weight',
      /a LoRA/,
    ],
    ['unet.mid_block.attn.to_q.dora_scale', /a LoRA/],
    ['base_model.model.to_q.lora_magnitude_vector', /a LoRA/],
    ['lycoris_mid_block_to_q.lokr_w1', /a LoRA/],
    ['v_pred', /a v-prediction model/],
  ])('%s', async (name, reason) => {
    const path = folder('adapter.safetensors');
    await safetensors(path, [one(name)]);
    await expect(importBundle(path, folder('new'))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(reason),
    });
  });
});
