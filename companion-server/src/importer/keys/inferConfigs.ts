import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { ImportError } from '../importError.ts';
import { inferTinyConfig } from './inferTinyConfig.ts';

type Shapes = Pick<Checkpoint, 'shapes' | 'path'>;

/** Constants of all Stable Diffusion 1 models that cannot be inferred from shapes. */
const HEADS = 8;
const GROUPS = 32;
export const SCALING_FACTOR = 0.18215;

/**
 * The diffusers config of a UNet, from the shapes of its tensors; heads and groups as Stable Diffusion 1 has them.
 * @throws ImportError MISSING_TENSOR
 */
export function inferUNetConfig(unet: Shapes): Record<string, unknown> {
  const widths = widthsOf(unet, 'down_blocks');
  const hasAttention = (side: string, level: number) =>
    unet.shapes.has(`${side}.${level}.attentions.0.proj_in.weight`);
  return {
    _class_name: 'UNet2DConditionModel',
    in_channels: side(unet, 'conv_in.weight', 1),
    out_channels: side(unet, 'conv_out.weight', 0),
    block_out_channels: widths,
    down_block_types: widths.map((_, level) =>
      hasAttention('down_blocks', level) ? 'CrossAttnDownBlock2D' : 'DownBlock2D',
    ),
    up_block_types: widths.map((_, level) =>
      hasAttention('up_blocks', level) ? 'CrossAttnUpBlock2D' : 'UpBlock2D',
    ),
    layers_per_block: layersOf(unet, 'down_blocks.0'),
    cross_attention_dim: side(
      unet,
      'mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight',
      1,
    ),
    attention_head_dim: HEADS,
    norm_num_groups: GROUPS,
    use_linear_projection: unet.shapes.get('mid_block.attentions.0.proj_in.weight')?.length === 2,
  };
}

/** The diffusers config of a VAE. @throws ImportError MISSING_TENSOR */
export function inferVaeConfig(vae: Shapes): Record<string, unknown> {
  if (vae.shapes.has('decoder.layers.0.weight')) return inferTinyConfig(vae);
  return {
    _class_name: 'AutoencoderKL',
    in_channels: side(vae, 'encoder.conv_in.weight', 1),
    out_channels: side(vae, 'decoder.conv_out.weight', 0),
    block_out_channels: widthsOf(vae, 'encoder.down_blocks'),
    layers_per_block: layersOf(vae, 'encoder.down_blocks.0'),
    latent_channels: side(vae, 'decoder.conv_in.weight', 1),
    norm_num_groups: GROUPS,
    scaling_factor: SCALING_FACTOR,
    use_quant_conv: vae.shapes.has('quant_conv.weight'),
    use_post_quant_conv: vae.shapes.has('post_quant_conv.weight'),
    mid_block_add_attention: vae.shapes.has('encoder.mid_block.attentions.0.to_q.weight'),
  };
}

/**
 * The config of an emotion encoder.
 * @param tokenWidth of the UNet that takes its tokens
 * @throws ImportError MISSING_TENSOR, UNSUPPORTED when its output is no whole number of tokens
 */
export function inferEmotionEncoderConfig(
  encoder: Shapes,
  tokenWidth: number,
): Record<string, unknown> {
  const widths: number[] = [];
  for (let layer = 0; encoder.shapes.has(`fc.${layer}.weight`); layer += 2) {
    widths.push(side(encoder, `fc.${layer}.weight`, 0));
  }
  const output = widths.pop() ?? side(encoder, 'fc.0.weight', 0);
  if (output % tokenWidth !== 0) {
    throw new ImportError(
      'UNSUPPORTED',
      `Expected tokens of width ${tokenWidth}, as the UNet takes them, but ${encoder.path} gives ${output} numbers.`,
      'Give the emotion encoder that was trained with this UNet.',
    );
  }
  return {
    _class_name: 'EmotionEncoder',
    input_dim: side(encoder, 'fc.0.weight', 1),
    hidden_dims: widths,
    num_tokens: output / tokenWidth,
    token_dim: tokenWidth,
  };
}

function widthsOf(network: Shapes, blocks: string): number[] {
  const widths: number[] = [];
  do {
    widths.push(side(network, `${blocks}.${widths.length}.resnets.0.conv1.weight`, 0));
  } while (network.shapes.has(`${blocks}.${widths.length}.resnets.0.conv1.weight`));
  return widths;
}

function layersOf({ shapes }: Shapes, block: string): number {
  let count = 0;
  while (shapes.has(`${block}.resnets.${count}.conv1.weight`)) count++;
  return count;
}

function side({ shapes, path }: Shapes, name: string, axis: number): number {
  const found = shapes.get(name)?.[axis];
  if (found !== undefined) return found;
  throw new ImportError(
    'MISSING_TENSOR',
    `Expected the tensor ${name} in ${path} but it is not there.`,
    'The file is incomplete, or of a network that is not supported.',
  );
}
