/**
 * How much of the machine each graph of SD-1.x uses: its work by the definition of its layers, by its time, against one
 * large matrix product in the same run. Random weights, float32. Products that a convolution in Winograd's tiles leaves
 * out count as done, so the share is an effective one. A single row through the emotion encoder is all reading of
 * weights: its share says nothing of its products.
 *
 *   npm run bench:rates -- [--threads 2] [--rounds 4] [--only unet,vaeDecoder] [--latents 32]
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  buildKLDecoder,
  buildKLEncoder,
} from '@emoeditor/companion-server/importer/architectures/autoencoderKl.ts';
import {
  autoencoderTinyConfigSchema,
  buildTinyDecoder,
} from '@emoeditor/companion-server/importer/architectures/autoencoderTiny.ts';
import { buildClipTextEncoder } from '@emoeditor/companion-server/importer/architectures/clipTextEncoder.ts';
import { buildEmotionEncoder } from '@emoeditor/companion-server/importer/architectures/emotionEncoder.ts';
import {
  buildResnet,
  resnetConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/resnet.ts';
import { buildUNet } from '@emoeditor/companion-server/importer/architectures/unet2dCondition.ts';
import { createWeightsLayout } from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import { EMIT_PROFILES, type ProfileName } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import type { GraphBuilder } from '@emoeditor/companion-server/onnx/graph.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import { encodeModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import type {
  InferenceSession,
  Tensors,
} from '@emoeditor/companion-server/runtime/inferenceRuntime.ts';
import * as ort from '@emoeditor/companion-server/runtime/onnxRuntime.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { wave } from '@emoeditor/companion-server/runtime/providerProbe.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { EMOTIONS } from '@emoeditor/shared';
import { AUTHORS_EMOTION_ENCODER, SD1_TEXT, SD1_VAE } from './diffusersFolder.mts';
import { FULL_SIZE } from './models.mts';
import { openPeak, PEAK_GFLOP } from './peak.mts';
import { randomWeights } from './randomWeights.mts';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: String(availableParallelism()) },
    rounds: { type: 'string', default: '4' },
    only: { type: 'string' },
    latents: { type: 'string', default: '32' },
  },
});
const threads = Number(values.threads);
const side = Number(values.latents);

interface Graph {
  readonly build: (graph: GraphBuilder) => void;
  readonly inputs: Tensors;
}

const waves = (dims: readonly number[]): Tensor =>
  tensor(
    wave(
      dims.reduce((product, length) => product * length, 1),
      0.7,
    ),
    dims,
  );

/** The published predictor's network. */
const RESNET_18 = resnetConfigSchema.parse({
  _class_name: 'ResNet',
  block: 'basic',
  layers: [2, 2, 2, 2],
  width: 64,
  num_classes: 8,
  input_size: 224,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  temperature: 1,
  class_order: [...EMOTIONS],
});

const TAESD = autoencoderTinyConfigSchema.parse({ _class_name: 'AutoencoderTiny' });

const GRAPHS: Readonly<Record<string, Graph>> = {
  unet: {
    build: (graph) => buildUNet(graph, FULL_SIZE.config),
    inputs: {
      sample: waves([1, FULL_SIZE.config.in_channels, side, side]),
      timestep: tensor(Float32Array.of(500), [1]),
      tokens: waves([1, FULL_SIZE.tokens, FULL_SIZE.config.cross_attention_dim]),
    },
  },
  vaeEncoder: {
    build: (graph) => buildKLEncoder(graph, SD1_VAE),
    inputs: { image: waves([1, 3, 8 * side, 8 * side]) },
  },
  vaeDecoder: {
    build: (graph) => buildKLDecoder(graph, SD1_VAE),
    inputs: { latents: waves([1, SD1_VAE.latent_channels, side, side]) },
  },
  tinyDecoder: {
    build: (graph) => buildTinyDecoder(graph, TAESD),
    inputs: { latents: waves([1, TAESD.latent_channels, side, side]) },
  },
  textEncoder: {
    build: (graph) => buildClipTextEncoder(graph, SD1_TEXT),
    inputs: { ids: tensor(new Float32Array(77).fill(320), [1, 77]) },
  },
  emotionEncoder: {
    build: (graph) => buildEmotionEncoder(graph, AUTHORS_EMOTION_ENCODER),
    inputs: { directions: waves([1, 8]) },
  },
  predictor: {
    build: (graph) => buildResnet(graph, RESNET_18, randomWeights),
    inputs: { image: waves([1, 3, 224, 224]) },
  },
};
const peak = await openPeak(threads);
const rows: Record<string, string | number>[] = [];
for (const [name, graph] of Object.entries(GRAPHS)) {
  if (values.only?.split(',').includes(name) === false) continue;
  const folder = await mkdtemp(join(tmpdir(), 'emoeditor-rates-'));
  try {
    rows.push(await rateOf(name, graph, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
console.log(`Latents ${side}×${side}, ${threads} threads`);
console.table(rows);

async function rateOf(name: string, graph: Graph, folder: string) {
  const gflop =
    (await workOf(await written(graph, 'portable', folder), graph.inputs, folder)) / 1e9;
  const session = await openOnnxSession(await written(graph, 'cpu', folder), {
    provider: 'cpu',
    threads,
  });
  const best = { graph: Infinity, peak: Infinity };
  for (let round = 0; round <= Number(values.rounds); round++) {
    best.graph = Math.min(best.graph, await timed(session, graph.inputs));
    best.peak = Math.min(best.peak, await peak());
  }
  await session.release();
  const [rate, limit] = [(gflop / best.graph) * 1000, (PEAK_GFLOP / best.peak) * 1000];
  return {
    graph: name,
    GFLOP: Number(gflop.toFixed(1)),
    ms: Number(best.graph.toFixed(1)),
    'GFLOP/s': Math.round(rate),
    'of one matrix product': `${Math.round((rate / limit) * 100)} %`,
  };
}

async function timed(session: InferenceSession, inputs: Tensors): Promise<number> {
  const started = performance.now();
  await session.run(inputs);
  return performance.now() - started;
}

/** Writes a graph in one profile; the weights lie the same way in all of them. */
async function written({ build }: Graph, profile: ProfileName, folder: string): Promise<string> {
  const layout = createWeightsLayout('graph.weights', 'float32');
  const graph = createGraphBuilder('graph', randomWeights, layout, EMIT_PROFILES[profile]);
  build(graph);
  const path = join(folder, `${profile}.onnx`);
  await writeFile(path, encodeModel(graph.finish()));
  if (profile === 'portable') {
    const { signal } = new AbortController();
    await layout.write(join(folder, 'graph.weights'), { signal });
  }
  return path;
}

interface NodeEvent {
  readonly cat: string;
  readonly name: string;
  readonly args: {
    readonly op_name: string;
    readonly input_type_shape: readonly Record<string, readonly number[]>[];
    readonly output_type_shape: readonly Record<string, readonly number[]>[];
  };
}

/** Two operations for every product of the graph's convolutions and matrix products, by the shapes of one run. */
async function workOf(path: string, inputs: Tensors, folder: string): Promise<number> {
  const session = await ort.InferenceSession.create(path, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    // As it is written: fused operators would hide products.
    graphOptimizationLevel: 'disabled',
    enableProfiling: true,
    profileFilePrefix: join(folder, 'profile'),
    logSeverityLevel: 4,
  });
  const feeds = Object.entries(inputs).map(
    ([name, { data, dims }]) => [name, new ort.Tensor('float32', data, dims)] as const,
  );
  await session.run(Object.fromEntries(feeds));
  session.endProfiling();
  await session.release();
  const file = (await readdir(folder)).find((entry) => entry.startsWith('profile')) as string;
  const events: NodeEvent[] = JSON.parse(await readFile(join(folder, file), 'utf8'));
  return events
    .filter(({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'))
    .reduce((sum, { args }) => sum + operations(args), 0);
}

function operations({ op_name: type, input_type_shape, output_type_shape }: NodeEvent['args']) {
  const dims = (shapes: NodeEvent['args']['input_type_shape'], index: number) =>
    Object.values(shapes[index] ?? {})[0] ?? [];
  const product = (lengths: readonly number[]) => lengths.reduce((all, length) => all * length, 1);
  const outputs = product(dims(output_type_shape, 0));
  if (type === 'Conv') return 2 * outputs * product(dims(input_type_shape, 1).slice(1));
  if (type === 'MatMul' || type === 'Gemm') {
    return 2 * outputs * (dims(input_type_shape, 0).at(-1) ?? 0);
  }
  return 0;
}
