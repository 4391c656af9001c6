import {
  type UNetConfig,
  unetConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/unetConfig.ts';

/** UNet of Stable Diffusion 1.5 with the eight input channels of InstructPix2Pix: 859,532,484 parameters. */
export const SD15: UNetConfig = unetConfigSchema.parse({
  _class_name: 'UNet2DConditionModel',
  in_channels: 8,
  out_channels: 4,
  block_out_channels: [320, 640, 1280, 1280],
  down_block_types: [...Array(3).fill('CrossAttnDownBlock2D'), 'DownBlock2D'],
  up_block_types: ['UpBlock2D', ...Array(3).fill('CrossAttnUpBlock2D')],
  layers_per_block: 2,
  cross_attention_dim: 768,
  attention_head_dim: 8,
  norm_num_groups: 32,
});
