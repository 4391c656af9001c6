import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  autoencoderKLConfigSchema,
  buildKLDecoder,
  buildKLEncoder,
} from '@emoeditor/companion-server/importer/architectures/autoencoderKl.ts';
import {
  buildClipTextEncoder,
  clipTextConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/clipTextEncoder.ts';
import {
  buildEmotionEncoder,
  emotionEncoderConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/emotionEncoder.ts';
import {
  buildResnet,
  inferResnetConfig,
  resnetConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/resnet.ts';
import { buildUNet } from '@emoeditor/companion-server/importer/architectures/unet2dCondition.ts';
import { unetConfigSchema } from '@emoeditor/companion-server/importer/architectures/unetConfig.ts';
import type { Build } from '@emoeditor/companion-server/importer/bundle/graphsOf.ts';
import { openSafetensors } from '@emoeditor/companion-server/importer/checkpoint/safetensors.ts';
import type * as z from 'zod';
import { readTensors } from '../../test/golden/runGraph.ts';

/** A graph by what goes in and what comes out, and the output's name in the reference. */
export interface Case {
  readonly name: string;
  readonly build: Build;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly reference: string;
  /** Computes in float32 in every profile, as the importer has it. */
  readonly isExact?: boolean;
  /** Folds norms into its weights: the products are not those that float16 holds exactly. */
  readonly isFolded?: boolean;
}

export const tensorsOf = (folder: string) => readTensors(join(folder, 'io.safetensors'));
export const weightsOf = (folder: string, network: string) =>
  join(folder, `${network}.safetensors`);

const configOf = async <T extends z.ZodType>(folder: string, network: string, schema: T) =>
  schema.parse(JSON.parse(await readFile(join(folder, `${network}.json`), 'utf8'))) as z.infer<T>;

export const configOfVae = (folder: string) => configOf(folder, 'vae', autoencoderKLConfigSchema);

async function unet(folder: string): Promise<[Case]> {
  const config = await configOf(folder, 'unet', unetConfigSchema);
  return [
    {
      name: 'UNet',
      build: (graph) => buildUNet(graph, config),
      inputs: ['sample', 'timestep', 'tokens'],
      output: 'noisePred',
      reference: 'noisePred',
    },
  ];
}

async function vae(folder: string): Promise<[encoder: Case, decoder: Case]> {
  const config = await configOfVae(folder);
  return [
    {
      name: 'VAE encoder',
      build: (graph) => buildKLEncoder(graph, config),
      inputs: ['image'],
      output: 'latents',
      reference: 'encoded',
    },
    {
      name: 'VAE decoder',
      build: (graph) => buildKLDecoder(graph, config),
      inputs: ['latents'],
      output: 'image',
      reference: 'decoded',
    },
  ];
}

async function text(folder: string): Promise<[Case]> {
  const config = await configOf(folder, 'text', clipTextConfigSchema);
  return [
    {
      name: 'text encoder',
      build: (graph) => buildClipTextEncoder(graph, config),
      inputs: ['ids'],
      output: 'tokens',
      reference: 'tokens',
    },
  ];
}

async function emotion(folder: string): Promise<[Case]> {
  const config = await configOf(folder, 'emotion', emotionEncoderConfigSchema);
  return [
    {
      name: 'emotion encoder',
      build: (graph) => buildEmotionEncoder(graph, config),
      inputs: ['directions'],
      output: 'tokens',
      reference: 'tokens',
      isExact: true,
    },
  ];
}

const resnet =
  (name: string, title: string) =>
  async (folder: string): Promise<[Case]> => {
    const file = await openSafetensors(weightsOf(folder, name));
    const inferred = inferResnetConfig(file);
    await file.close();
    const { dims } = (await tensorsOf(folder))('image');
    const config = resnetConfigSchema.parse({ ...inferred, input_size: dims[2] });
    return [
      {
        name: title,
        build: (graph, weights) => buildResnet(graph, config, weights),
        inputs: ['image'],
        output: 'probabilities',
        reference: 'probabilities',
        isExact: true,
        isFolded: true,
      },
    ];
  };

/** Graphs of every part, from the folder that golden/full.py writes of it. */
export const CASES = {
  unet,
  vae,
  text,
  resnet18: resnet('resnet18', 'ResNet-18'),
  resnet34: resnet('resnet34', 'ResNet-34'),
  resnet50: resnet('resnet50', 'ResNet-50'),
  emotion,
} as const satisfies Readonly<Record<string, (folder: string) => Promise<readonly Case[]>>>;
