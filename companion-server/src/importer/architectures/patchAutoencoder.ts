import * as z from 'zod';
import type { GraphBuilder, Value } from '../../onnx/graph.ts';
import { add, type ConvOptions, conv2d, silu } from '../../onnx/layers.ts';

/** Config of the starter's autoencoder: training/emoeditor/models/patch_autoencoder.py. */
export const patchAutoencoderConfigSchema = z.object({
  _class_name: z.literal('PatchAutoencoder'),
  in_channels: z.literal(3),
  out_channels: z.literal(3),
  latent_channels: z.int().positive(),
  /** Widths at 1/8 and at 1/4 of the picture's sides. */
  hidden_channels: z.tuple([z.int().positive(), z.int().positive()]),
  num_blocks: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
  scaling_factor: z.number().positive(),
});
export type PatchAutoencoderConfig = z.infer<typeof patchAutoencoderConfigSchema>;

const PATCH = 8;
const COARSE_TO_FINE = 2;
const FINE = 4;
/** Convolution options of the layers that work at the latents' size. */
const COARSE = { level: 0 };

/** Encoder → graph `image [n, 3, H, W] in [-1, 1] → latents [n, c, H/8, W/8]`, scaled. */
export function buildPatchEncoder(graph: GraphBuilder, config: PatchAutoencoderConfig): void {
  const [wide, narrow] = config.hidden_channels;
  const [coarse, fine] = config.num_blocks;
  const latents = config.latent_channels;
  graph.input('image', ['n', 3, 'height', 'width']);
  graph.output('latents', ['n', latents, 'h', 'w']);
  const straight = conv2d(graph, 'image', 'encoder.linear', [3, latents, PATCH], { stride: PATCH });
  let x = conv2d(graph, 'image', 'encoder.conv_in', [3, narrow, FINE], { stride: FINE });
  x = blocks(graph, x, 'encoder.fine_blocks', narrow, fine);
  x = conv2d(graph, x, 'encoder.conv_down', [narrow, wide, 2], { stride: 2 });
  x = silu(graph, blocks(graph, x, 'encoder.coarse_blocks', wide, coarse, COARSE));
  const correction = conv2d(graph, x, 'encoder.conv_out', [wide, latents, 3], COARSE);
  const unscaled = add(graph, straight, correction);
  graph.node('Mul', [unscaled, graph.floats([config.scaling_factor])], { as: 'latents' });
}

/** Decoder → graph `latents [n, c, h, w] (scaled) → image [n, 3, 8h, 8w] in about [-1, 1]`. */
export function buildPatchDecoder(graph: GraphBuilder, config: PatchAutoencoderConfig): void {
  const [wide, narrow] = config.hidden_channels;
  const [coarse, fine] = config.num_blocks;
  const latents = config.latent_channels;
  graph.input('latents', ['n', latents, 'h', 'w']);
  graph.output('image', ['n', 3, 'height', 'width']);
  const z = graph.node('Div', ['latents', graph.floats([config.scaling_factor])]);
  const straight = graph.node(
    'ConvTranspose',
    [
      z,
      graph.weight('decoder.linear.weight', [latents, 3, PATCH, PATCH]),
      graph.weight('decoder.linear.bias', [3]),
    ],
    { attributes: { kernel_shape: [PATCH, PATCH], strides: [PATCH, PATCH] } },
  );
  let x = conv2d(graph, z, 'decoder.conv_in', [latents, wide, 3], COARSE);
  x = blocks(graph, x, 'decoder.coarse_blocks', wide, coarse, COARSE);
  x = conv2d(graph, x, 'decoder.conv_up', [wide, narrow * COARSE_TO_FINE ** 2, 3], COARSE);
  x = pixelShuffle(graph, x, COARSE_TO_FINE);
  x = silu(graph, blocks(graph, x, 'decoder.fine_blocks', narrow, fine));
  x = conv2d(graph, x, 'decoder.conv_out', [narrow, 3 * FINE ** 2, 3]);
  add(graph, straight, pixelShuffle(graph, x, FINE), 'image');
}

/** x + conv(SiLU(conv(SiLU(x)))), so many times. */
function blocks(
  graph: GraphBuilder,
  from: Value,
  name: string,
  channels: number,
  count: number,
  at: Pick<ConvOptions, 'level'> = {},
): Value {
  let x = from;
  for (let i = 0; i < count; i++) {
    const shape = [channels, channels, 3] as const;
    const inner = conv2d(graph, silu(graph, x), `${name}.${i}.conv1`, shape, at);
    x = add(graph, x, conv2d(graph, silu(graph, inner), `${name}.${i}.conv2`, shape, at));
  }
  return x;
}

/** torch.nn.functional.pixel_shuffle: [n, c·f², h, w] → [n, c, f·h, f·w]. */
function pixelShuffle(graph: GraphBuilder, x: Value, factor: number): Value {
  return graph.node('DepthToSpace', [x], { attributes: { blocksize: factor, mode: 'CRD' } });
}
