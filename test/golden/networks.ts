import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  autoencoderKLConfigSchema,
  buildKLDecoder,
  buildKLEncoder,
} from '@emoeditor/companion-server/importer/architectures/autoencoderKl.ts';
import {
  buildPatchDecoder,
  buildPatchEncoder,
  patchAutoencoderConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/patchAutoencoder.ts';
import { buildUNet } from '@emoeditor/companion-server/importer/architectures/unet2dCondition.ts';
import {
  type UNetConfig,
  unetConfigSchema,
} from '@emoeditor/companion-server/importer/architectures/unetConfig.ts';
import { EMIT_PROFILES } from '@emoeditor/companion-server/onnx/emitProfile.ts';
import type { GraphBuilder } from '@emoeditor/companion-server/onnx/graph.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Adapt,
  openGraph,
  readTensors,
  relativeError,
  runGraph,
  type Way,
} from './runGraph.ts';

/** Networks with random weights and their outputs from diffusers and PyTorch; provenance.json says how they were made. */
const GOLDEN = join(import.meta.dirname, 'models');

let expected: (name: string) => Tensor;

export type TolerantWay = Way & { readonly tolerance: number };

/** The outputs of a graph over weights of the golden folder. */
async function outputsOf(
  weights: string,
  way: Way,
  build: (graph: GraphBuilder) => void,
  inputs: Record<string, Tensor>,
  adapt?: Adapt,
): Promise<Readonly<Record<string, Tensor>>> {
  return (await runGraph(join(GOLDEN, weights), way, build, inputs, adapt)).outputs;
}

/** Hands out the weights of 1×1 projections as those of linear layers. */
const flatProjections: Adapt = (source) => ({
  take: (name, shape) =>
    /proj_(in|out)\.weight$/.test(name)
      ? { ...source.take(name, [...shape, 1, 1]), shape }
      : source.take(name, shape),
});

/** The first layer's weights with zeros for the source, or without them. */
const changedConvIn =
  (channels: 4 | 8): Adapt =>
  (source) => ({
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

/** The tests of every network over these ways of storing its weights and writing its graph. */
export function compareWithPyTorch(ways: readonly TolerantWay[]): void {
  beforeAll(async () => {
    expected = await readTensors(join(GOLDEN, 'io.safetensors'));
  });

  describe.each(ways)(
    'graphs with $precision weights, written for $profile, against PyTorch',
    (way) => {
      const { tolerance } = way;

      it.each([
        { name: 'UNet', folder: 'unet' },
        { name: 'UNet read as source-residual', folder: 'residual_unet' },
      ])('$name at timesteps from first to last', async ({ folder: of }) => {
        const unet = unetConfigSchema.parse(await config(`${of}/config.json`));
        const weights = join(GOLDEN, of, 'diffusion_pytorch_model.safetensors');
        const session = await openGraph(weights, way, (graph) => buildUNet(graph, unet));
        for (const t of [1, 500, 981]) {
          const { noisePred } = await session.run({
            sample: expected('unet.sample'),
            timestep: tensor(Float32Array.of(t), [1]),
            tokens: expected('unet.encoder_hidden_states'),
          });
          expect(relativeError(noisePred as Tensor, expected(`${of}.out.${t}`))).toBeLessThan(
            tolerance,
          );
        }
        await session.release();
      });

      it('AutoencoderKL, both ways', async () => {
        const vae = autoencoderKLConfigSchema.parse(await config('vae/config.json'));
        const weights = 'vae/diffusion_pytorch_model.safetensors';
        const { latents } = await outputsOf(weights, way, (graph) => buildKLEncoder(graph, vae), {
          image: expected('vae.image'),
        });
        expect(relativeError(latents as Tensor, expected('vae.latents'))).toBeLessThan(tolerance);
        const { image } = await outputsOf(weights, way, (graph) => buildKLDecoder(graph, vae), {
          latents: expected('vae.latents'),
        });
        expect(relativeError(image as Tensor, expected('vae.decoded'))).toBeLessThan(tolerance);
      });
    },
  );

  /** The starter's autoencoder computes in float32 in every profile. */
  const exactWays = ways.filter(({ profile }) => EMIT_PROFILES[profile].numbers === 'float32');

  describe.each(exactWays)(
    'other forms of the UNet with $precision weights, written for $profile',
    (way) => {
      const { tolerance } = way;

      it('UNet whose projections are linear layers', async () => {
        // A 1×1 convolution and a linear layer are the same numbers in other shapes.
        const unet = unetConfigSchema.parse({
          ...(await config('unet/config.json')),
          use_linear_projection: true,
        });
        const { noisePred } = await outputsOf(
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
          tolerance,
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
        const run = async (unet: UNetConfig, change: Adapt) => {
          const build = (graph: GraphBuilder) => buildUNet(graph, unet);
          const { noisePred } = await outputsOf(weights, way, build, inputs, change);
          return noisePred as Tensor;
        };
        const seeing = await run({ ...blind, in_channels: 8 }, changedConvIn(8));
        expect(relativeError(await run(blind, changedConvIn(4)), seeing)).toBeLessThan(
          tolerance / 100,
        );
      });
    },
  );

  it.each(exactWays)(
    'the patch autoencoder with $precision weights, written for $profile, both ways, against PyTorch',
    async (way) => {
      const { tolerance } = way;
      const vae = patchAutoencoderConfigSchema.parse(await config('patch_vae/config.json'));
      const weights = 'patch_vae/diffusion_pytorch_model.safetensors';
      const { latents } = await outputsOf(weights, way, (graph) => buildPatchEncoder(graph, vae), {
        image: expected('vae.image'),
      });
      expect(relativeError(latents as Tensor, expected('patch_vae.latents'))).toBeLessThan(
        tolerance,
      );
      const { image } = await outputsOf(weights, way, (graph) => buildPatchDecoder(graph, vae), {
        latents: expected('patch_vae.latents'),
      });
      expect(relativeError(image as Tensor, expected('patch_vae.decoded'))).toBeLessThan(tolerance);
    },
  );
}
