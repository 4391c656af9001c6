import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { autoencoderKLConfigSchema } from '@emoeditor/companion-server/importer/architectures/autoencoderKl.ts';
import { unetConfigSchema } from '@emoeditor/companion-server/importer/architectures/unetConfig.ts';
import type { Checkpoint } from '@emoeditor/companion-server/importer/checkpoint/checkpoint.ts';
import {
  inferEmotionEncoderConfig,
  inferUNetConfig,
  inferVaeConfig,
} from '@emoeditor/companion-server/importer/keys/inferConfigs.ts';
import { networksIn } from '@emoeditor/companion-server/importer/keys/networksIn.ts';
import {
  refuseOtherFamilies,
  refuseOtherUNets,
} from '@emoeditor/companion-server/importer/keys/refuseFamilies.ts';
import { tinyAutoencoder } from '@emoeditor/companion-server/importer/keys/tinyNames.ts';
import { describe, expect, it } from 'vitest';

/** Every tensor of Stable Diffusion 1 by its names in diffusers and in CompVis' files: training/golden/names.py. */
const NAMES = join(import.meta.dirname, '../../../golden/names');
interface Row {
  readonly name: string;
  readonly shape: readonly number[];
  readonly ldm: string;
  readonly old: string;
}
const rowsOf = (file: string): Row[] =>
  readFileSync(join(NAMES, file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [name = '', shape = '', ldm = '', old = name] = line.split('\t');
      return { name, shape: shape.split('x').map(Number), ldm, old };
    });
const unet = rowsOf('unet.tsv');
const vae = rowsOf('vae.tsv');
const text = rowsOf('clipText.tsv').map((row) => ({ ...row, name: `text_model.${row.name}` }));

/** A checkpoint of names alone; reading a tensor gives its position among them. */
function listed(tensors: readonly (readonly [string, readonly number[]])[]): Checkpoint {
  const names = tensors.map(([name]) => name);
  return {
    path: 'listed.ckpt',
    files: ['listed.ckpt'],
    shapes: new Map(tensors),
    typeOf: () => 'F32',
    placeOf: () => null,
    read: async (name) => Float32Array.of(names.indexOf(name)),
    close: async () => {},
  };
}

const shapesOf = (rows: readonly Row[]) => new Map(rows.map(({ name, shape }) => [name, shape]));

/** The view has the network's tensors, all of them and no others, and reads each from where it is. */
async function expectPlaced(
  view: Checkpoint | undefined,
  rows: readonly Row[],
  sourceOf: (row: Row) => string,
  source: Checkpoint,
): Promise<void> {
  expect(new Map([...(view?.shapes ?? [])].toSorted())).toEqual(
    new Map([...shapesOf(rows)].toSorted()),
  );
  for (const row of rows) {
    expect(await view?.read(row.name), row.name).toEqual(await source.read(sourceOf(row)));
  }
}

/** CompVis writes the VAE's attention as 1×1 convolutions. */
const ldmShape = ({ ldm, shape }: Row) =>
  /attn_1\.(q|k|v|proj_out)\.weight$/.test(ldm) ? [...shape, 1, 1] : shape;

describe('networksIn places every tensor', () => {
  it('the lists are those of Stable Diffusion 1', () => {
    expect([unet.length, vae.length, text.length]).toEqual([686, 248, 196]);
  });

  it('of CompVis’ names', async () => {
    const extra = ['betas', 'cond_stage_model.transformer.text_model.embeddings.position_ids'];
    const file = listed([
      ...extra.map((name) => [name, [1]] as const),
      ...[...unet, ...vae, ...text].map((row) => [row.ldm, ldmShape(row)] as const),
    ]);
    const { found, unused } = networksIn(file);
    await expectPlaced(found.get('unet'), unet, ({ ldm }) => ldm, file);
    await expectPlaced(found.get('vae'), vae, ({ ldm }) => ldm, file);
    expect(found.get('textEncoder')?.shapes.size).toBe(text.length + 1);
    expect(unused).toEqual(['betas']);
  });

  it('of CompVis’ names, from the running averages where there are some', async () => {
    const average = ({ ldm }: Row) => `model_ema.${ldm.slice('model.'.length).replaceAll('.', '')}`;
    const averages = unet.slice(1).map((row) => [average(row), row.shape] as const);
    const file = listed([
      ...unet.map(({ ldm, shape }) => [ldm, shape] as const),
      ...averages,
      ['model_ema.decay', []],
    ]);
    const { found, unused } = networksIn(file);
    const sourceOf = (row: Row) => (row === unet[0] ? row.ldm : average(row));
    await expectPlaced(found.get('unet'), unet, sourceOf, file);
    const replaced = unet.slice(1).map(({ ldm }) => ldm);
    expect(unused).toEqual([...replaced, 'model_ema.decay']);
  });

  it('of the authors’ whole module, with old and new names of the attention', async () => {
    for (const nameOf of [({ name }: Row) => name, ({ old }: Row) => old]) {
      const file = listed([
        ...unet.map(({ name, shape }) => [`unet.${name}`, shape] as const),
        ...vae.map((row) => [`auto_encoder.${nameOf(row)}`, row.shape] as const),
      ]);
      const { found, unused } = networksIn(file);
      await expectPlaced(found.get('unet'), unet, ({ name }) => `unet.${name}`, file);
      await expectPlaced(found.get('vae'), vae, (row) => `auto_encoder.${nameOf(row)}`, file);
      expect(unused).toEqual([]);
    }
  });

  it.each([
    ['unet', unet, ({ name }: Row) => name],
    ['unet', unet, ({ ldm }: Row) => ldm.replace('model.diffusion_model.', '')],
    ['vae', vae, ({ old }: Row) => old],
    ['vae', vae, ({ ldm }: Row) => ldm.replace('first_stage_model.', '')],
    ['textEncoder', text, ({ name }: Row) => name],
    ['textEncoder', text, ({ name }: Row) => name.replace('text_model.', '')],
  ] as const)('of a file of one network: %s', async (network, rows, nameOf) => {
    const file = listed(rows.map((row) => [nameOf(row), row.shape]));
    const { found, unused } = networksIn(file);
    expect([...found.keys()]).toEqual([network]);
    await expectPlaced(found.get(network), rows, nameOf, file);
    expect(unused).toEqual([]);
  });

  it('of the authors’ emotion encoder and predictor', () => {
    const encoder = networksIn(
      listed([
        ['fc.0.weight', [256, 8]],
        ['fc.0.bias', [256]],
      ]),
    );
    expect([...encoder.found.keys()]).toEqual(['emotionEncoder']);
    const predictor = networksIn(
      listed([
        ['layer1.0.conv1.weight', [64, 64, 3, 3]],
        ['fc.weight', [8, 512]],
      ]),
    );
    expect([...predictor.found.keys()]).toEqual(['predictor']);
    expect(networksIn(listed([['w', [1]]])).found.size).toBe(0);
  });

  it('and lists other contents of the file', () => {
    const file = { ...listed([['fc.0.weight', [256, 8]]]), aside: ['all of optimizer'] };
    expect(networksIn(file).unused).toEqual(['all of optimizer']);
  });

  it('of a tiny autoencoder alone, and lists the others', () => {
    const file = listed([
      ['1.weight', [64, 4, 3, 3]],
      ['steps', [1]],
    ]);
    const view = tinyAutoencoder({ ...file, aside: ['all of optimizer'] });
    expect([...view.shapes.keys()]).toEqual(['decoder.layers.0.weight']);
    expect(view.aside).toEqual(['steps', 'all of optimizer']);
  });

  it('once: two tensors for one place are refused', () => {
    const file = listed([
      ['vae.encoder.mid_block.attentions.0.to_q.bias', [1]],
      ['vae.encoder.mid_block.attentions.0.query.bias', [1]],
    ]);
    expect(() => networksIn(file)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED' }));
  });
});

describe('configs from shapes', () => {
  const of = (rows: readonly Row[]) => listed([...shapesOf(rows)]);

  it('are those of Stable Diffusion 1', () => {
    expect(unetConfigSchema.parse(inferUNetConfig(of(unet)))).toMatchObject({
      in_channels: 8,
      out_channels: 4,
      block_out_channels: [320, 640, 1280, 1280],
      down_block_types: [...Array(3).fill('CrossAttnDownBlock2D'), 'DownBlock2D'],
      up_block_types: ['UpBlock2D', ...Array(3).fill('CrossAttnUpBlock2D')],
      layers_per_block: 2,
      cross_attention_dim: 768,
      attention_head_dim: 8,
      use_linear_projection: false,
    });
    expect(autoencoderKLConfigSchema.parse(inferVaeConfig(of(vae)))).toMatchObject({
      block_out_channels: [128, 256, 512, 512],
      layers_per_block: 2,
      latent_channels: 4,
      scaling_factor: 0.18215,
    });
  });

  it('of the authors’ emotion encoder', () => {
    const layers = [
      [256, 8],
      [512, 256],
      [768, 512],
      [59136, 768],
    ] as const;
    const file = listed(layers.map((shape, i) => [`fc.${2 * i}.weight`, shape]));
    expect(inferEmotionEncoderConfig(file, 768)).toMatchObject({
      input_dim: 8,
      hidden_dims: [256, 512, 768],
      num_tokens: 77,
      token_dim: 768,
    });
    expect(() => inferEmotionEncoderConfig(file, 1000)).toThrow(/width 1000.*59136 numbers/);
  });

  it('name what is missing', () => {
    const file = listed(
      unet.filter(({ name }) => name !== 'conv_in.weight').map(({ name, shape }) => [name, shape]),
    );
    expect(() => inferUNetConfig(file)).toThrow(/conv_in\.weight/);
  });
});

describe('models of other families are refused by name', () => {
  it.each([
    ['a LoRA', 'lora_unet_mid_block_attentions_0_proj_in.lora_up.weight'],
    ['a LoRA', 'unet.mid_block.attentions.0.to_q.lora_A.weight'],
    ['a ControlNet', 'controlnet_cond_embedding.conv_in.weight'],
    ['a ControlNet', 'control_model.input_hint_block.0.weight'],
    ['an IP-Adapter', 'image_proj.proj.weight'],
    ['a textual inversion', 'string_to_param.*'],
    ['Stable Diffusion 3', 'model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight'],
    ['FLUX', 'double_blocks.0.img_attn.qkv.weight'],
    [
      'Stable Diffusion XL',
      'conditioner.embedders.0.transformer.text_model.final_layer_norm.weight',
    ],
    ['Stable Diffusion XL', 'add_embedding.linear_1.weight'],
    ['Stable Diffusion 2', 'cond_stage_model.model.ln_final.weight'],
    ['a latent consistency model', 'unet.time_embedding.cond_proj.weight'],
  ])('%s', (family, tensor) => {
    expect(() =>
      refuseOtherFamilies(
        listed([
          ['conv_in.weight', [1]],
          [tensor, [1]],
        ]),
      ),
    ).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringContaining(family) }),
    );
  });

  it.each([
    ['Stable Diffusion 2', 1024, 4],
    ['Stable Diffusion XL', 2048, 4],
    ['an inpainting model', 768, 9],
  ])('%s by its shapes', (family, width, channels) => {
    const file = listed([
      ['mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight', [1280, width]],
      ['conv_in.weight', [320, channels, 3, 3]],
    ]);
    expect(() => refuseOtherUNets(file)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(family) }),
    );
  });

  it('but not Stable Diffusion 1 under any of its names', () => {
    for (const key of ['name', 'ldm', 'old'] as const) {
      const file = listed([...unet, ...vae, ...text].map((row) => [row[key], row.shape]));
      expect(() => refuseOtherFamilies(file)).not.toThrow();
      expect(() => refuseOtherUNets(file)).not.toThrow();
    }
  });
});
