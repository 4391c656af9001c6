import * as z from 'zod';
import { absentKeys, fixedKeys } from './fixedKeys.ts';

const heads = z.int().positive();

/** The keys of diffusers' UNet2DConditionModel config: those that shape the graph, and those that must be at defaults. */
export const unetConfigSchema = z
  .object({
    _class_name: z.literal('UNet2DConditionModel'),
    in_channels: z.int().positive(),
    out_channels: z.int().positive(),
    block_out_channels: z.array(z.int().positive()).min(2),
    down_block_types: z.array(z.enum(['DownBlock2D', 'CrossAttnDownBlock2D'])),
    up_block_types: z.array(z.enum(['UpBlock2D', 'CrossAttnUpBlock2D'])),
    layers_per_block: z.int().positive(),
    cross_attention_dim: z.int().positive(),
    /** Number of heads, for all levels or per level: diffusers keeps this name by mistake. */
    attention_head_dim: z.union([heads, z.array(heads)]),
    norm_num_groups: z.int().positive(),
    norm_eps: z.number().positive().default(1e-5),
    flip_sin_to_cos: z.literal(true).default(true),
    freq_shift: z.literal(0).default(0),
    /** Projections around a transformer are linear layers over tokens instead of 1×1 convolutions. */
    use_linear_projection: z.boolean().default(false),
    /** `source-residual`: the last layer predicts what to add to the source latents; the noise is computed from that. */
    parametrisation: z.enum(['epsilon', 'source-residual']).default('epsilon'),
    /** Adds the mean conditioning token to the time embedding. */
    pool_tokens: z.boolean().default(false),
    ...fixedKeys({
      mid_block_type: 'UNetMidBlock2DCrossAttn',
      act_fn: 'silu',
      downsample_padding: 1,
      mid_block_scale_factor: 1,
      center_input_sample: false,
      only_cross_attention: false,
      mid_block_only_cross_attention: false,
      dual_cross_attention: false,
      transformer_layers_per_block: 1,
      resnet_time_scale_shift: 'default',
      resnet_skip_time_act: false,
      resnet_out_scale_factor: 1,
      time_embedding_type: 'positional',
      conv_in_kernel: 3,
      conv_out_kernel: 3,
      attention_type: 'default',
      class_embeddings_concat: false,
    }),
    ...absentKeys([
      'num_attention_heads',
      'encoder_hid_dim',
      'encoder_hid_dim_type',
      'class_embed_type',
      'addition_embed_type',
      'num_class_embeds',
      'time_embedding_dim',
      'time_embedding_act_fn',
      'timestep_post_act',
      'time_cond_proj_dim',
      'cross_attention_norm',
      'reverse_transformer_layers_per_block',
    ]),
  })
  .refine(
    ({ block_out_channels, down_block_types, up_block_types, attention_head_dim }) =>
      [down_block_types, up_block_types, attention_head_dim].every(
        (list) => !Array.isArray(list) || list.length === block_out_channels.length,
      ),
    { error: 'block types and heads must be as many as block_out_channels' },
  )
  .refine(
    ({ parametrisation, in_channels, out_channels }) =>
      parametrisation === 'epsilon' || in_channels === 2 * out_channels,
    { error: 'source-residual needs the source in in_channels: twice out_channels' },
  )
  .refine(
    ({ block_out_channels, norm_num_groups }) =>
      block_out_channels.every((channels) => channels % norm_num_groups === 0),
    { error: 'block_out_channels must be multiples of norm_num_groups' },
  );
export type UNetConfig = z.infer<typeof unetConfigSchema>;
