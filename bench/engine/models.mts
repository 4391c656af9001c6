import {
  type UNetConfig,
  unetConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/unetConfig.ts';
import { SD15 } from '../../test/fakes/checkpoints/fullSize.ts';

export interface BenchModel {
  readonly name: string;
  readonly config: UNetConfig;
  /** Conditioning tokens per picture. */
  readonly tokens: number;
  /** Sides of the latents, h × w. */
  readonly sizes: readonly (readonly [number, number])[];
}

export const FULL_SIZE: BenchModel = {
  name: 'sd15',
  config: SD15,
  tokens: 77,
  sizes: [
    [28, 28],
    [32, 32],
    [64, 64],
  ],
};

/** The UNet of models/starter (training/configs/starter-cpu.json). */
export const STARTER: BenchModel = {
  name: 'starter',
  config: unetConfigSchema.parse({
    _class_name: 'UNet2DConditionModel',
    in_channels: 32,
    out_channels: 16,
    block_out_channels: [64, 128, 192],
    down_block_types: ['DownBlock2D', ...Array(2).fill('CrossAttnDownBlock2D')],
    up_block_types: [...Array(2).fill('CrossAttnUpBlock2D'), 'UpBlock2D'],
    layers_per_block: 2,
    cross_attention_dim: 256,
    attention_head_dim: [2, 4, 6],
    norm_num_groups: 32,
    parametrisation: 'source-residual',
    pool_tokens: true,
  }),
  tokens: 16,
  sizes: [
    [32, 32],
    [24, 40],
  ],
};
