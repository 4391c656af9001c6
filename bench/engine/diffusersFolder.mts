import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type AutoencoderKLConfig,
  autoencoderKLConfigSchema,
  buildKLDecoder,
  buildKLEncoder,
} from '@emoeditor/companion-server/importer/architectures/autoencoderKl.ts';
import {
  buildClipTextEncoder,
  type ClipTextConfig,
  clipTextConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/clipTextEncoder.ts';
import {
  type EmotionEncoderConfig,
  emotionEncoderConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/emotionEncoder.ts';
import { buildUNet } from '@emoeditor/companion-server/importer/architectures/unet2dCondition.ts';
import type { GraphBuilder } from '@emoeditor/companion-server/onnx/graph.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import type { Weight } from '@emoeditor/companion-server/onnx/weights.ts';
import { FULL_SIZE } from './models.mts';
import { randomWeights } from './randomWeights.mts';

/** SD-1.x's autoencoder and text encoder, at full size. */
export const SD1_VAE: AutoencoderKLConfig = autoencoderKLConfigSchema.parse({
  _class_name: 'AutoencoderKL',
  block_out_channels: [128, 256, 512, 512],
  layers_per_block: 2,
  latent_channels: 4,
  norm_num_groups: 32,
  scaling_factor: 0.18215,
});
export const SD1_TEXT: ClipTextConfig = clipTextConfigSchema.parse({
  vocab_size: 49408,
  hidden_size: 768,
  intermediate_size: 3072,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  max_position_embeddings: 77,
});
/** EmoEditor's encoder in the place of the text encoder: 46 M parameters. */
export const AUTHORS_EMOTION_ENCODER: EmotionEncoderConfig = emotionEncoderConfigSchema.parse({
  _class_name: 'EmotionEncoder',
  hidden_dims: [256, 512, 768],
  num_tokens: 77,
  token_dim: 768,
});

const PARTS: Readonly<Record<string, (graph: GraphBuilder) => void>> = {
  'unet/diffusion_pytorch_model.safetensors': (graph) => buildUNet(graph, FULL_SIZE.config),
  'vae/diffusion_pytorch_model.safetensors': (graph) => {
    buildKLEncoder(graph, SD1_VAE);
    buildKLDecoder(graph, SD1_VAE);
  },
  'text_encoder/model.safetensors': (graph) => buildClipTextEncoder(graph, SD1_TEXT),
};

/** Writes a whole SD-1.x pipeline of random weights, once, for peers that take nothing less: 4.3 GB in float32. */
export async function writeDiffusersFolder(folder: string): Promise<void> {
  for (const [file, build] of Object.entries(PARTS)) {
    await writeSafetensors(join(folder, file), weightsOf(build));
  }
}

/** Every tensor that the graph of a network asks for. */
function weightsOf(build: (graph: GraphBuilder) => void): Weight[] {
  const found = new Map<string, Weight>();
  const source = {
    take(name: string, shape: readonly number[]) {
      const weight = randomWeights.take(name, shape);
      found.set(name, weight);
      return weight;
    },
  };
  const place = { file: '', offset: 0, length: 0 };
  build(createGraphBuilder('names', source, { place: () => ({ type: 'float32', place }) }));
  return [...found.values()];
}

async function writeSafetensors(path: string, weights: readonly Weight[]): Promise<void> {
  let end = 0;
  const header = Object.fromEntries(
    weights.map(({ name, shape }) => {
      const start = end;
      end += 4 * shape.reduce((product, side) => product * side, 1);
      return [name, { dtype: 'F32', shape, data_offsets: [start, end] }];
    }),
  );
  const text = Buffer.from(JSON.stringify(header));
  const known = await stat(path).catch(() => null);
  if (known?.size === 8 + text.length + end) return;
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'w');
  try {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    await file.write(length);
    await file.write(text);
    for (const weight of weights) {
      const { buffer } = new Float32Array(await weight.read());
      await file.write(new Uint8Array(buffer));
    }
  } finally {
    await file.close();
  }
}
