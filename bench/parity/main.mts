/**
 * Compares our graphs of Stable Diffusion's real size with diffusers', on the CPU: float32 and float16, the latter as
 * written for CUDA with its own operators in the words of their schemas. Needs Python first:
 *
 *   python -m golden.full vae /tmp/full     (in training/; also unet)
 *   npx tsx bench/parity/main.mts /tmp/full vae
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  autoencoderKLConfigSchema,
  buildKLDecoder,
  buildKLEncoder,
} from '@emoeditor/companion-server/importer/autoencoderKl.ts';
import { buildUNet } from '@emoeditor/companion-server/importer/unet2dCondition.ts';
import { unetConfigSchema } from '@emoeditor/companion-server/importer/unetConfig.ts';
import type { GraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { readTensors, relativeError, runGraph, type Way } from '../../test/golden/runGraph.ts';

const WAYS: readonly Way[] = [
  { precision: 'float16', profile: 'cpu' },
  { precision: 'float16', profile: 'portable' },
  { precision: 'float16', profile: 'cuda' },
];

const [root = '', part = 'vae'] = process.argv.slice(2);
const folder = join(root, part);
const io = await readTensors(join(folder, 'io.safetensors'));
const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));

/** A graph by what goes in and what comes out, and the output's name in the reference. */
interface Case {
  readonly name: string;
  readonly build: (graph: GraphBuilder) => void;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly reference: string;
}

function casesOf(): Case[] {
  if (part === 'unet') {
    const build = (graph: GraphBuilder) => buildUNet(graph, unetConfigSchema.parse(config));
    const [inputs, output] = [['sample', 'timestep', 'tokens'], 'noisePred'];
    return [{ name: 'UNet', build, inputs, output, reference: output }];
  }
  const vae = autoencoderKLConfigSchema.parse(config);
  return [
    {
      name: 'VAE encoder',
      build: (graph) => buildKLEncoder(graph, vae),
      inputs: ['image'],
      output: 'latents',
      reference: 'encoded',
    },
    {
      name: 'VAE decoder',
      build: (graph) => buildKLDecoder(graph, vae),
      inputs: ['latents'],
      output: 'image',
      reference: 'decoded',
    },
  ];
}

for (const { name, build, inputs, output, reference } of casesOf()) {
  const feeds = Object.fromEntries(inputs.map((input) => [input, io(input)]));
  for (const way of WAYS) {
    const weights = join(folder, 'diffusion_pytorch_model.safetensors');
    const { outputs } = await runGraph(weights, way, build, feeds);
    const error = relativeError(outputs[output] as Tensor, io(reference));
    console.log(`${name}, ${way.profile}: ${error.toExponential(1)}`);
  }
}
