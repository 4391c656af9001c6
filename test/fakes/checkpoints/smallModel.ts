import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  autoencoderKLConfigSchema,
  buildKLDecoder,
  buildKLEncoder,
} from '@emoeditor/companion-server/importer/architectures/autoencoderKl.ts';
import { buildEmotionEncoder } from '@emoeditor/companion-server/importer/architectures/emotionEncoder.ts';
import { buildUNet } from '@emoeditor/companion-server/importer/architectures/unet2dCondition.ts';
import { unetConfigSchema } from '@emoeditor/companion-server/importer/architectures/unetConfig.ts';
import { createWeightsLayout } from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import type { GraphBuilder } from '@emoeditor/companion-server/onnx/graph.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';

const NAMES = join(import.meta.dirname, '../../golden/names');
const TOKEN_WIDTH = 24;

/** Stable Diffusion 1 at a few channels: the same names, other shapes. */
export const CONFIGS = {
  unet: {
    _class_name: 'UNet2DConditionModel',
    in_channels: 8,
    out_channels: 4,
    block_out_channels: [32, 64, 64, 64],
    down_block_types: [...Array(3).fill('CrossAttnDownBlock2D'), 'DownBlock2D'],
    up_block_types: ['UpBlock2D', ...Array(3).fill('CrossAttnUpBlock2D')],
    layers_per_block: 2,
    cross_attention_dim: TOKEN_WIDTH,
    attention_head_dim: 8,
    norm_num_groups: 32,
  },
  vae: {
    _class_name: 'AutoencoderKL',
    block_out_channels: [32, 64, 64, 64],
    layers_per_block: 2,
    latent_channels: 4,
    norm_num_groups: 32,
    scaling_factor: 0.18215,
  },
  emotion_encoder: {
    _class_name: 'EmotionEncoder',
    hidden_dims: [16, 24],
    num_tokens: 5,
    token_dim: TOKEN_WIDTH,
  },
  scheduler: {
    num_train_timesteps: 1000,
    beta_start: 0.00085,
    beta_end: 0.012,
    beta_schedule: 'scaled_linear',
  },
} as const;

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Every tensor of the small model by the names of diffusers; the numbers follow from the name and are halves. */
export const TENSORS = {
  unet: tensorsOf((graph) => buildUNet(graph, unetConfigSchema.parse(CONFIGS.unet))),
  vae: tensorsOf((graph) =>
    buildKLEncoder(graph, autoencoderKLConfigSchema.parse(CONFIGS.vae)),
  ).concat(
    tensorsOf((graph) => buildKLDecoder(graph, autoencoderKLConfigSchema.parse(CONFIGS.vae))),
  ),
  emotion_encoder: tensorsOf((graph) =>
    buildEmotionEncoder(graph, {
      ...CONFIGS.emotion_encoder,
      hidden_dims: [...CONFIGS.emotion_encoder.hidden_dims],
      input_dim: 8,
    }),
  ),
};

/** Every tensor that a network takes. */
export function tensorsOf(build: (graph: GraphBuilder) => void): NamedTensor[] {
  const found = new Map<string, NamedTensor>();
  const weights = {
    take(name: string, shape: readonly number[]) {
      const values = valuesOf(name, shape);
      found.set(name, { name, shape, values });
      return { name, shape, read: async () => values };
    },
  };
  build(createGraphBuilder('small', weights, createWeightsLayout('small.weights', 'float32')));
  return [...found.values()];
}

function valuesOf(name: string, shape: readonly number[]): Float32Array {
  const length = shape.reduce((product, side) => product * side, 1);
  let state = Array.from(name).reduce(
    (sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0),
    7,
  );
  const values = new Float32Array(length);
  // A loop: `Float32Array.from` takes twenty times as long, a second for all of them.
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    values[i] = (state >> 22) / 512;
  }
  return values;
}

/** Name in diffusers → name in CompVis' checkpoints. */
export function ldmNames(file: 'unet' | 'vae'): Map<string, string> {
  const lines = readFileSync(join(NAMES, `${file}.tsv`), 'utf8')
    .trimEnd()
    .split('\n');
  return new Map(
    lines.map((line) => {
      const [name = '', , ldm = ''] = line.split('\t');
      return [name, ldm];
    }),
  );
}
