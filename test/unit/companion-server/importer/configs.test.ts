import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { autoencoderKLConfigSchema } from '@emoeditor/companion-server/importer/architectures/autoencoderKl.ts';
import { unetConfigSchema } from '@emoeditor/companion-server/importer/architectures/unetConfig.ts';
import { schedulerConfigSchema } from '@emoeditor/companion-server/importer/sources/modelSource.ts';
import {
  parseConfig,
  readConfig,
} from '@emoeditor/companion-server/importer/sources/readConfig.ts';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../temporaryFolder.ts';

const folder = temporaryFolder();
const GOLDEN = join(import.meta.dirname, '../../../golden/models');
const config = async (path: string) => JSON.parse(await readFile(join(GOLDEN, path), 'utf8'));

describe('the UNet config', () => {
  it('takes Stable Diffusion 1.5 as diffusers writes it', () => {
    const parsed = unetConfigSchema.parse({
      _class_name: 'UNet2DConditionModel',
      _diffusers_version: '0.6.0',
      act_fn: 'silu',
      attention_head_dim: 8,
      block_out_channels: [320, 640, 1280, 1280],
      center_input_sample: false,
      cross_attention_dim: 768,
      down_block_types: [...Array(3).fill('CrossAttnDownBlock2D'), 'DownBlock2D'],
      downsample_padding: 1,
      flip_sin_to_cos: true,
      freq_shift: 0,
      in_channels: 8,
      layers_per_block: 2,
      mid_block_scale_factor: 1,
      norm_eps: 1e-5,
      norm_num_groups: 32,
      out_channels: 4,
      sample_size: 64,
      up_block_types: ['UpBlock2D', ...Array(3).fill('CrossAttnUpBlock2D')],
    });
    expect(parsed).toMatchObject({ use_linear_projection: false, parametrisation: 'epsilon' });
  });

  it.each([
    ['SDXL', { addition_embed_type: 'text_time' }, 'addition_embed_type'],
    ['SDXL', { transformer_layers_per_block: [1, 2, 10] }, 'transformer_layers_per_block'],
    ['LCM', { time_cond_proj_dim: 256 }, 'time_cond_proj_dim'],
    ['an upscaler', { num_class_embeds: 1000 }, 'num_class_embeds'],
    ['DeepFloyd', { act_fn: 'gelu' }, 'act_fn'],
    ['fewer levels than widths', { attention_head_dim: [1, 2] }, 'as many as block_out_channels'],
    ['widths that groups do not divide', { norm_num_groups: 5 }, 'multiples of norm_num_groups'],
  ])('refuses %s and says why', async (_, change, reason) => {
    const parsed = unetConfigSchema.safeParse({ ...(await config('unet/config.json')), ...change });
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toContain(reason);
  });
});

describe('the VAE config', () => {
  it.each([
    { latents_mean: [0, 0, 0, 0] },
    { act_fn: 'gelu' },
    { up_block_types: ['AttnUpDecoderBlock2D'] },
  ])('refuses %j', async (change) => {
    const whole = { ...(await config('vae/config.json')), ...change };
    expect(autoencoderKLConfigSchema.safeParse(whole).success).toBe(false);
  });
});

describe('a config file', () => {
  const schema = schedulerConfigSchema;
  const written = {
    num_train_timesteps: 1000,
    beta_start: 0.00085,
    beta_end: 0.012,
    beta_schedule: 'scaled_linear',
  };

  it('may begin with a byte order mark', async () => {
    const path = folder('scheduler.json');
    await writeFile(path, `\u{feff}${JSON.stringify(written)}`);
    expect(await readConfig(path, schema)).toMatchObject(written);
  });

  it('of a v-prediction model is refused for that', () => {
    const config = { ...written, prediction_type: 'v_prediction', beta_end: 1 };
    expect(() => parseConfig(config, schema, 'scheduler.json')).toThrow(
      /beta_end: .*; prediction_type: a v-prediction model, which predicts the velocity/,
    );
  });
});
