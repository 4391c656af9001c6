import * as z from 'zod';
import type { GraphBuilder, Value } from '../../onnx/graph.ts';
import { add, conv2d, outputConv2d } from '../../onnx/layers.ts';
import { enterPicture, leavePicture, upsampleTwice } from '../../onnx/pictures.ts';
import { fixedKeys } from './fixedKeys.ts';

const widths = z
  .array(z.int().positive())
  .min(1)
  .refine((list) => new Set(list).size === 1, { error: 'all stages of one width' });
const blockCounts = z.array(z.int().nonnegative()).min(1);

/** The keys of diffusers' AutoencoderTiny config that change the graph. Its latents are the scaled ones already. */
export const autoencoderTinyConfigSchema = z
  .object({
    _class_name: z.literal('AutoencoderTiny'),
    latent_channels: z.int().positive().default(4),
    encoder_block_out_channels: widths.default([64, 64, 64, 64]),
    decoder_block_out_channels: widths.default([64, 64, 64, 64]),
    num_encoder_blocks: blockCounts.default([1, 3, 3, 3]),
    num_decoder_blocks: blockCounts.default([3, 3, 3, 1]),
    scaling_factor: z.literal(1).default(1),
    ...fixedKeys({
      in_channels: 3,
      out_channels: 3,
      act_fn: 'relu',
      upsample_fn: 'nearest',
      upsampling_scaling_factor: 2,
      shift_factor: 0,
    }),
  })
  .refine(
    ({ num_encoder_blocks, num_decoder_blocks }) =>
      num_encoder_blocks.length === 4 && num_decoder_blocks.length === 4,
    { error: 'four stages: latents are an eighth of the picture' },
  );
export type AutoencoderTinyConfig = z.infer<typeof autoencoderTinyConfigSchema>;

/**
 * Encoder → graph `image [n, 3, H, W] in [-1, 1] → latents [n, c, H/8, W/8]`, scaled.
 * Source: diffusers 0.42, models/autoencoders/vae.py, EncoderTiny; TAESD by Ollin Boer Bohan.
 */
export function buildTinyEncoder(graph: GraphBuilder, config: AutoencoderTinyConfig): void {
  const width = config.encoder_block_out_channels[0] as number;
  const layers = counter('encoder.layers');
  graph.input('image', ['n', 3, 'height', 'width']);
  graph.output('latents', ['n', config.latent_channels, 'h', 'w']);
  let x = enterPicture(graph, scaleAndShift(graph, 'image', 0.5, 0.5));
  for (const [stage, count] of config.num_encoder_blocks.entries()) {
    x =
      stage === 0
        ? conv2d(graph, x, layers.next(), [3, width, 3])
        : conv2d(graph, x, layers.next(), [width, width, 3], { stride: 2, bias: false });
    x = blocks(graph, x, layers, width, count);
  }
  outputConv2d(graph, x, layers.next(), [width, config.latent_channels, 3], 'latents');
}

/** Decoder → graph `latents [n, c, h, w] (scaled) → image [n, 3, 8h, 8w] in about [-1, 1]`. */
export function buildTinyDecoder(graph: GraphBuilder, config: AutoencoderTinyConfig): void {
  const width = config.decoder_block_out_channels[0] as number;
  const layers = counter('decoder.layers');
  graph.input('latents', ['n', config.latent_channels, 'h', 'w']);
  graph.output('image', ['n', 3, 'height', 'width']);
  const soft = graph.node('Tanh', [graph.node('Mul', ['latents', exact(graph, 1 / 3)])]);
  let x = enterPicture(graph, graph.node('Mul', [soft, exact(graph, 3)]));
  x = relu(graph, conv2d(graph, x, layers.next(), [config.latent_channels, width, 3]));
  // Activations and upsamplers count as layers too.
  layers.next();
  for (const [stage, count] of config.num_decoder_blocks.entries()) {
    x = blocks(graph, x, layers, width, count);
    if (stage === config.num_decoder_blocks.length - 1) break;
    layers.next();
    const shape = [width, width, 3] as const;
    x = conv2d(graph, upsampleTwice(graph, x), layers.next(), shape, { bias: false });
  }
  const picture = conv2d(graph, x, layers.next(), [width, 3, 3]);
  scaleAndShift(graph, leavePicture(graph, picture), 2, -1, 'image');
}

/** x · scale + shift in float32. */
function scaleAndShift(graph: GraphBuilder, x: Value, scale: number, shift: number, as?: string) {
  return add(graph, graph.node('Mul', [x, exact(graph, scale)]), exact(graph, shift), as);
}

const exact = (graph: GraphBuilder, value: number): Value => graph.floats([value], [1], 'float32');

interface LayerCounter {
  next(): string;
}

/** Names of an nn.Sequential's layers, one after the other. */
function counter(sequence: string): LayerCounter {
  let index = 0;
  return { next: () => `${sequence}.${index++}` };
}

/** ReLU(x + conv(ReLU(conv(ReLU(conv(x)))))), so many times. */
function blocks(
  graph: GraphBuilder,
  from: Value,
  layers: LayerCounter,
  width: number,
  count: number,
): Value {
  let x = from;
  const shape = [width, width, 3] as const;
  for (let i = 0; i < count; i++) {
    const name = layers.next();
    let inner = relu(graph, conv2d(graph, x, `${name}.conv.0`, shape));
    inner = relu(graph, conv2d(graph, inner, `${name}.conv.2`, shape));
    x = relu(graph, add(graph, conv2d(graph, inner, `${name}.conv.4`, shape), x));
  }
  return x;
}

const relu = (graph: GraphBuilder, x: Value): Value => graph.node('Relu', [x]);
