import * as z from 'zod';
import { attend } from '../../onnx/attention.ts';
import type { GraphBuilder, Value } from '../../onnx/graph.ts';
import { add, conv2d, groupNorm, groupNormSilu, linear, outputConv2d } from '../../onnx/layers.ts';
import {
  enterPicture,
  leavePicture,
  toPicture,
  toTokens,
  upsampleTwice,
} from '../../onnx/pictures.ts';
import { absentKeys, fixedKeys } from './fixedKeys.ts';
import { resnetBlock } from './resnetBlock.ts';

/** The keys of diffusers' AutoencoderKL config that change the graph. */
export const autoencoderKLConfigSchema = z.object({
  _class_name: z.literal('AutoencoderKL'),
  in_channels: z.literal(3).default(3),
  out_channels: z.literal(3).default(3),
  block_out_channels: z.array(z.int().positive()).min(1),
  layers_per_block: z.int().positive(),
  latent_channels: z.int().positive(),
  norm_num_groups: z.int().positive(),
  scaling_factor: z.number().positive(),
  shift_factor: z.number().nullish(),
  use_quant_conv: z.boolean().default(true),
  use_post_quant_conv: z.boolean().default(true),
  mid_block_add_attention: z.boolean().default(true),
  down_block_types: z.array(z.literal('DownEncoderBlock2D')).optional(),
  up_block_types: z.array(z.literal('UpDecoderBlock2D')).optional(),
  ...fixedKeys({ act_fn: 'silu' }),
  ...absentKeys(['latents_mean', 'latents_std']),
});
export type AutoencoderKLConfig = z.infer<typeof autoencoderKLConfigSchema>;

const EPS = 1e-6;
/** Stable Diffusion's VAE pads only right and bottom before it halves. */
const HALVING_PADS = [0, 0, 1, 1];

/**
 * Encoder → graph `image [n, 3, H, W] in [-1, 1] → latents [n, c, H/8, W/8]`, the posterior's mode, scaled.
 * Source: diffusers 0.42, models/autoencoders/vae.py.
 */
export function buildKLEncoder(graph: GraphBuilder, config: AutoencoderKLConfig): void {
  const widths = config.block_out_channels;
  const latents = config.latent_channels;
  graph.input('image', ['n', 3, 'height', 'width']);
  graph.output('latents', ['n', latents, 'h', 'w']);
  let channels = widths[0] as number;
  let x = conv2d(graph, enterPicture(graph, 'image'), 'encoder.conv_in', [3, channels, 3]);
  for (const [level, width] of widths.entries()) {
    const name = `encoder.down_blocks.${level}`;
    for (let layer = 0; layer < config.layers_per_block; layer++) {
      x = resnet(graph, x, `${name}.resnets.${layer}`, channels, width, config);
      channels = width;
    }
    if (level < widths.length - 1) {
      x = conv2d(graph, x, `${name}.downsamplers.0.conv`, [width, width, 3], {
        stride: 2,
        pads: HALVING_PADS,
      });
    }
  }
  x = midBlock(graph, x, 'encoder.mid_block', channels, config);
  x = groupNormSilu(graph, x, 'encoder.conv_norm_out', channels, normOf(config));
  x = conv2d(graph, x, 'encoder.conv_out', [channels, 2 * latents, 3]);
  if (config.use_quant_conv) x = conv2d(graph, x, 'quant_conv', [2 * latents, 2 * latents, 1]);
  const moments = leavePicture(graph, x);
  const [mean] = graph.nodes('Split', [moments, graph.integers([latents, latents])], 2, {
    attributes: { axis: 1 },
  }) as [Value, Value];
  const shifted =
    config.shift_factor == null
      ? mean
      : graph.node('Sub', [mean, graph.floats([config.shift_factor], [1], 'float32')]);
  graph.node('Mul', [shifted, graph.floats([config.scaling_factor], [1], 'float32')], {
    as: 'latents',
  });
}

/** Decoder → graph `latents [n, c, h, w] (scaled) → image [n, 3, 8h, 8w] in about [-1, 1]`. */
export function buildKLDecoder(graph: GraphBuilder, config: AutoencoderKLConfig): void {
  const widths = config.block_out_channels.toReversed();
  const latents = config.latent_channels;
  graph.input('latents', ['n', latents, 'h', 'w']);
  graph.output('image', ['n', 3, 'height', 'width']);
  let x = graph.node('Div', ['latents', graph.floats([config.scaling_factor], [1], 'float32')]);
  if (config.shift_factor != null)
    x = add(graph, x, graph.floats([config.shift_factor], [1], 'float32'));
  x = enterPicture(graph, x);
  if (config.use_post_quant_conv) x = conv2d(graph, x, 'post_quant_conv', [latents, latents, 1]);
  let channels = widths[0] as number;
  x = conv2d(graph, x, 'decoder.conv_in', [latents, channels, 3]);
  x = midBlock(graph, x, 'decoder.mid_block', channels, config);
  for (const [level, width] of widths.entries()) {
    const name = `decoder.up_blocks.${level}`;
    for (let layer = 0; layer <= config.layers_per_block; layer++) {
      x = resnet(graph, x, `${name}.resnets.${layer}`, channels, width, config);
      channels = width;
    }
    if (level < widths.length - 1) {
      const wide = upsampleTwice(graph, x);
      x = conv2d(graph, wide, `${name}.upsamplers.0.conv`, [width, width, 3]);
    }
  }
  x = groupNormSilu(graph, x, 'decoder.conv_norm_out', channels, normOf(config));
  outputConv2d(graph, x, 'decoder.conv_out', [channels, 3, 3], 'image');
}

type Norms = Pick<AutoencoderKLConfig, 'norm_num_groups'>;

const normOf = (config: Norms) => ({ groups: config.norm_num_groups, eps: EPS });

function resnet(
  graph: GraphBuilder,
  x: Value,
  name: string,
  cIn: number,
  cOut: number,
  config: Norms,
): Value {
  return resnetBlock(graph, x, name, { cIn, cOut, ...normOf(config) });
}

function midBlock(
  graph: GraphBuilder,
  from: Value,
  name: string,
  channels: number,
  config: AutoencoderKLConfig,
): Value {
  let x = resnet(graph, from, `${name}.resnets.0`, channels, channels, config);
  if (config.mid_block_add_attention) {
    x = pixelAttention(graph, x, `${name}.attentions.0`, channels, config);
  }
  return resnet(graph, x, `${name}.resnets.1`, channels, channels, config);
}

/** Single-head self-attention over pixels, with its own norm and residual. */
function pixelAttention(
  graph: GraphBuilder,
  x: Value,
  name: string,
  channels: number,
  config: Norms,
): Value {
  const tokens = toTokens(
    graph,
    groupNorm(graph, x, `${name}.group_norm`, channels, normOf(config)),
    channels,
  );
  const project = (part: string) => linear(graph, tokens, `${name}.${part}`, [channels, channels]);
  const mixed = attend(graph, [project('to_q'), project('to_k'), project('to_v')], {
    heads: 1,
    channels,
  });
  const out = linear(graph, mixed, `${name}.to_out.0`, [channels, channels]);
  return add(graph, x, toPicture(graph, out, x));
}
