import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  autoencoderKLConfigSchema,
  buildKLDecoder,
  buildKLEncoder,
} from '@emoeditor/companion-server/importer/autoencoderKl.ts';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import {
  buildPatchDecoder,
  buildPatchEncoder,
  patchAutoencoderConfigSchema,
} from '@emoeditor/companion-server/importer/patchAutoencoder.ts';
import { openSafetensors } from '@emoeditor/companion-server/importer/safetensors.ts';
import { buildUNet } from '@emoeditor/companion-server/importer/unet2dCondition.ts';
import {
  type UNetConfig,
  unetConfigSchema,
} from '@emoeditor/companion-server/importer/unetConfig.ts';
import { createWeightReader } from '@emoeditor/companion-server/importer/weightReader.ts';
import { createWeightsLayout } from '@emoeditor/companion-server/importer/weightsFile.ts';
import { loadModelSet } from '@emoeditor/companion-server/models/loadModelSet.ts';
import { EMIT_PROFILES, type ProfileName } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import {
  createGraphBuilder,
  type GraphBuilder,
} from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import { encodeModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import type { WeightSource } from '@emoeditor/companion-server/onnx/weights.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Networks with random weights and their outputs from diffusers and PyTorch; provenance.json says how they were made. */
const GOLDEN = join(import.meta.dirname, 'models');
const TOLERANCE = { float32: 1e-4, float16: 5e-3 };
const signal = new AbortController().signal;
type Precision = keyof typeof TOLERANCE;

let folder: string;
let golden: Map<string, Tensor>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emoeditor-golden-'));
  const file = await openSafetensors(join(GOLDEN, 'io.safetensors'));
  golden = new Map();
  for (const [name, shape] of file.shapes) golden.set(name, tensor(await file.read(name), shape));
  await file.close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const expected = (name: string): Tensor => {
  const found = golden.get(name);
  if (found === undefined) throw new Error(`io.safetensors has no ${name}`);
  return found;
};

/** Root mean square of the difference in units of the expected output's own. */
function relativeError(is: Tensor, should: Tensor): number {
  expect(is.dims).toEqual(should.dims);
  let [difference, size] = [0, 0];
  for (let i = 0; i < should.data.length; i++) {
    difference += ((is.data[i] as number) - (should.data[i] as number)) ** 2;
    size += (should.data[i] as number) ** 2;
  }
  return Math.sqrt(difference / size);
}

interface Way {
  readonly precision: Precision;
  readonly profile: ProfileName;
}

const WAYS: readonly Way[] = [
  { precision: 'float32', profile: 'cpu' },
  { precision: 'float16', profile: 'cpu' },
  { precision: 'float32', profile: 'gpu' },
  { precision: 'float32', profile: 'portable' },
];

async function runGraph(
  weightsPath: string,
  { precision, profile }: Way,
  build: (graph: GraphBuilder) => void,
  inputs: Record<string, Tensor>,
  adapt: (source: WeightSource) => WeightSource = (source) => source,
): Promise<Readonly<Record<string, Tensor>>> {
  const file = await openSafetensors(join(GOLDEN, weightsPath));
  const name = `${Math.random().toString(36).slice(2)}.weights`;
  const layout = createWeightsLayout(name, precision);
  const graph = createGraphBuilder(
    'golden',
    adapt(createWeightReader(file)),
    layout,
    EMIT_PROFILES[profile],
  );
  build(graph);
  await layout.write(join(folder, name), { signal });
  await file.close();
  const path = join(folder, name.replace('.weights', '.onnx'));
  await writeFile(path, encodeModel(graph.finish()));
  const session = await openOnnxSession(path, { provider: 'cpu', threads: 1 });
  const outputs = await session.run(inputs);
  await session.release();
  return outputs;
}

/** Hands out the weights of 1×1 projections as those of linear layers. */
const flatProjections = (source: WeightSource): WeightSource => ({
  take: (name, shape) =>
    /proj_(in|out)\.weight$/.test(name)
      ? { ...source.take(name, [...shape, 1, 1]), shape }
      : source.take(name, shape),
});

/** The first layer's weights with zeros for the source, or without them. */
const changedConvIn =
  (channels: 4 | 8) =>
  (source: WeightSource): WeightSource => ({
    take(name, shape) {
      if (name !== 'conv_in.weight') return source.take(name, shape);
      const [cOut = 0, , ...kernel] = shape;
      const found = source.take(name, [cOut, 8, ...kernel]);
      const plane = 9;
      const read = async () => {
        const values = await found.read();
        const isNoise = (_: number, i: number) => Math.floor(i / plane) % 8 < 4;
        return channels === 4
          ? values.filter(isNoise)
          : values.map((value, i) => (isNoise(value, i) ? value : 0));
      };
      return { name, shape, read };
    },
  });

const config = async (path: string) => JSON.parse(await readFile(join(GOLDEN, path), 'utf8'));

describe.each(WAYS)(
  'graphs with $precision weights, written for $profile, against PyTorch',
  (way) => {
    const { precision } = way;

    it.each([1, 500, 981])('UNet at timestep %i', async (t) => {
      const unet = unetConfigSchema.parse(await config('unet/config.json'));
      const { noisePred } = await runGraph(
        'unet/diffusion_pytorch_model.safetensors',
        way,
        (graph) => buildUNet(graph, unet),
        {
          sample: expected('unet.sample'),
          timestep: tensor(Float32Array.of(t), [1]),
          tokens: expected('unet.encoder_hidden_states'),
        },
      );
      expect(relativeError(noisePred as Tensor, expected(`unet.out.${t}`))).toBeLessThan(
        TOLERANCE[precision],
      );
    });

    it.each([1, 500, 981])('UNet read as source-residual at timestep %i', async (t) => {
      const unet = unetConfigSchema.parse(await config('residual_unet/config.json'));
      const { noisePred } = await runGraph(
        'residual_unet/diffusion_pytorch_model.safetensors',
        way,
        (graph) => buildUNet(graph, unet),
        {
          sample: expected('unet.sample'),
          timestep: tensor(Float32Array.of(t), [1]),
          tokens: expected('unet.encoder_hidden_states'),
        },
      );
      expect(relativeError(noisePred as Tensor, expected(`residual_unet.out.${t}`))).toBeLessThan(
        TOLERANCE[precision],
      );
    });

    it('UNet whose projections are linear layers', async () => {
      // A 1×1 convolution and a linear layer are the same numbers in other shapes.
      const unet = unetConfigSchema.parse({
        ...(await config('unet/config.json')),
        use_linear_projection: true,
      });
      const { noisePred } = await runGraph(
        'unet/diffusion_pytorch_model.safetensors',
        way,
        (graph) => buildUNet(graph, unet),
        {
          sample: expected('unet.sample'),
          timestep: tensor(Float32Array.of(500), [1]),
          tokens: expected('unet.encoder_hidden_states'),
        },
        flatProjections,
      );
      expect(relativeError(noisePred as Tensor, expected('unet.out.500'))).toBeLessThan(
        TOLERANCE[precision],
      );
    });

    it('UNet that knows no source: as one that gives its source no weight', async () => {
      const blind = unetConfigSchema.parse({
        ...(await config('unet/config.json')),
        in_channels: 4,
      });
      const inputs = {
        sample: expected('unet.sample'),
        timestep: tensor(Float32Array.of(500), [1]),
        tokens: expected('unet.encoder_hidden_states'),
      };
      const weights = 'unet/diffusion_pytorch_model.safetensors';
      const run = async (unet: UNetConfig, change: typeof flatProjections) => {
        const build = (graph: GraphBuilder) => buildUNet(graph, unet);
        const { noisePred } = await runGraph(weights, way, build, inputs, change);
        return noisePred as Tensor;
      };
      const seeing = await run({ ...blind, in_channels: 8 }, changedConvIn(8));
      expect(relativeError(await run(blind, changedConvIn(4)), seeing)).toBeLessThan(1e-6);
    });

    it('AutoencoderKL, both ways', async () => {
      const vae = autoencoderKLConfigSchema.parse(await config('vae/config.json'));
      const weights = 'vae/diffusion_pytorch_model.safetensors';
      const { latents } = await runGraph(weights, way, (graph) => buildKLEncoder(graph, vae), {
        image: expected('vae.image'),
      });
      expect(relativeError(latents as Tensor, expected('vae.latents'))).toBeLessThan(
        TOLERANCE[precision],
      );
      const { image } = await runGraph(weights, way, (graph) => buildKLDecoder(graph, vae), {
        latents: expected('vae.latents'),
      });
      expect(relativeError(image as Tensor, expected('vae.decoded'))).toBeLessThan(
        TOLERANCE[precision],
      );
    });

    it('the patch autoencoder, both ways', async () => {
      const vae = patchAutoencoderConfigSchema.parse(await config('patch_vae/config.json'));
      const weights = 'patch_vae/diffusion_pytorch_model.safetensors';
      const { latents } = await runGraph(weights, way, (graph) => buildPatchEncoder(graph, vae), {
        image: expected('vae.image'),
      });
      expect(relativeError(latents as Tensor, expected('patch_vae.latents'))).toBeLessThan(
        TOLERANCE[precision],
      );
      const { image } = await runGraph(weights, way, (graph) => buildPatchDecoder(graph, vae), {
        latents: expected('patch_vae.latents'),
      });
      expect(relativeError(image as Tensor, expected('patch_vae.decoded'))).toBeLessThan(
        TOLERANCE[precision],
      );
    });
  },
);

describe.each(['float32', 'float16'] as const)('a whole bundle with %s weights', (precision) => {
  it('imports, loads and gives the numbers of PyTorch', async () => {
    const bundle = join(folder, `bundle-${precision}`);
    const report = await importBundle(GOLDEN, bundle, { precision });
    expect(Object.values(report.unused).flat()).toEqual([]);
    const models = await loadModelSet(bundle, { provider: 'cpu', threads: 1 });
    try {
      const tokens = await models.emotionEncoder?.encode(expected('emotion.direction'));
      expect(relativeError(tokens as Tensor, expected('emotion.tokens'))).toBeLessThan(
        TOLERANCE[precision],
      );
      const [distribution] = await models.predictor.predict(expected('predictor.image'));
      const found = tensor(Float32Array.from(distribution ?? []), [1, 8]);
      expect(relativeError(found, expected('predictor.probabilities'))).toBeLessThan(
        TOLERANCE[precision],
      );
      const latents = await models.vae.encode(expected('vae.image'));
      expect(relativeError(latents, expected('vae.latents'))).toBeLessThan(TOLERANCE[precision]);
    } finally {
      await models.release();
    }
  });
});
