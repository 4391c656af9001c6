import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  autoencoderTinyConfigSchema,
  buildTinyDecoder,
  buildTinyEncoder,
} from '@emoeditor/companion-server/importer/architectures/autoencoderTiny.ts';
import { openSafetensors } from '@emoeditor/companion-server/importer/checkpoint/safetensors.ts';
import {
  type ImportOptions,
  importBundle,
} from '@emoeditor/companion-server/importer/importBundle.ts';
import { inferTinyConfig } from '@emoeditor/companion-server/importer/keys/inferTinyConfig.ts';
import { hasPart } from '@emoeditor/companion-server/models/bundle.ts';
import {
  entryNamed,
  readCatalogue,
} from '@emoeditor/companion-server/models/catalogue/catalogue.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { safetensors, torch } from '../../fakes/checkpoints/publishedModels.ts';
import { type NamedTensor, tensorsOf } from '../../fakes/checkpoints/smallModel.ts';
import { readTensors, relativeError, runGraph } from '../../golden/runGraph.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';

/** A tiny autoencoder with random weights and what diffusers makes of it; provenance.json says how. */
const GOLDEN = join(import.meta.dirname, '../../golden/tiny');
const WEIGHTS = join(GOLDEN, 'diffusion_pytorch_model.safetensors');
/** Models whose latents have as many channels. */
const EXPORT = join(import.meta.dirname, '../../golden/models');
const INSTRUCT = join(import.meta.dirname, '../../golden/instruct');
const config = autoencoderTinyConfigSchema.parse(
  JSON.parse(await readFile(join(GOLDEN, 'config.json'), 'utf8')),
);
let golden: (name: string) => Tensor;
const folder = temporaryFolder();
let tensors: NamedTensor[];

beforeAll(async () => {
  golden = await readTensors(join(GOLDEN, 'io.safetensors'));
  const file = await openSafetensors(WEIGHTS);
  tensors = await Promise.all(
    Array.from(file.shapes, async ([name, shape]) => ({
      name,
      shape,
      values: await file.read(name),
    })),
  );
  await file.close();
});

describe('a tiny autoencoder', () => {
  it.each([
    { precision: 'float32', profile: 'cpu', tolerance: 1e-4 },
    { precision: 'float16', profile: 'cpu', tolerance: 5e-3 },
    { precision: 'float32', profile: 'portable', tolerance: 1e-4 },
    { precision: 'float16', profile: 'cuda', tolerance: 5e-3 },
  ] as const)('gives the numbers of diffusers in $precision for $profile', async (way) => {
    const encoded = await runGraph(WEIGHTS, way, (graph) => buildTinyEncoder(graph, config), {
      image: golden('image'),
    });
    const { latents } = encoded.outputs;
    expect(relativeError(latents as Tensor, golden('encoded'))).toBeLessThan(way.tolerance);
    const decoded = await runGraph(WEIGHTS, way, (graph) => buildTinyDecoder(graph, config), {
      latents: golden('latents'),
    });
    const { image } = decoded.outputs;
    expect(relativeError(image as Tensor, golden('decoded'))).toBeLessThan(way.tolerance);
    const isOfDecoder = (name: string) => name.startsWith('decoder.');
    expect(encoded.unused.every(isOfDecoder)).toBe(true);
    expect(decoded.unused.some(isOfDecoder)).toBe(false);
  });

  it('is recognised by the shapes of its tensors', () => {
    const shapes = new Map(tensors.map(({ name, shape }) => [name, shape]));
    expect(config).toMatchObject(inferTinyConfig({ shapes }));
  });

  it('of TAESD’s widths has as many bytes in a file as the catalogue says of TAESD', async () => {
    const usual = autoencoderTinyConfigSchema.parse({ _class_name: 'AutoencoderTiny' });
    await safetensors(folder('taesd.safetensors'), [
      ...tensorsOf((graph) => buildTinyEncoder(graph, usual)),
      ...tensorsOf((graph) => buildTinyDecoder(graph, usual)),
    ]);
    const bytes = await readFile(folder('taesd.safetensors'));
    const header = Number(bytes.readBigUInt64LE());
    // Python's writer fills the header up with blanks.
    const blanks = Math.ceil(header / 8) * 8 - header;
    const { files } = entryNamed(await readCatalogue(), 'taesd');
    expect(files.map((file) => file.bytes)).toEqual([bytes.length + blanks]);
  });
});

describe('a tiny decoder beside the VAE', () => {
  /** Imports a model with a tiny decoder, runs the decoder and gives what was not used of its file. */
  const decodeWith = async (tinyDecoder: string, name: string): Promise<readonly string[]> => {
    const options: ImportOptions = { precision: 'float32', tinyDecoder };
    const { bundle, unused } = await importBundle(EXPORT, folder(name), options);
    expect(hasPart(bundle, 'tinyDecoder')).toBe(true);
    expect(bundle.precision.tinyDecoder).toBe('float32');
    const graph = folder(name, 'tinyDecoder.onnx');
    const session = await openOnnxSession(graph, { provider: 'cpu', threads: 1 });
    const { image } = await session.run({ latents: golden('latents') });
    await session.release();
    expect(relativeError(image as Tensor, golden('decoded'))).toBeLessThan(1e-4);
    return unused['tinyDecoder'] ?? [];
  };

  it('comes from a diffusers folder, whose encoder is not used', async () => {
    const unused = await decodeWith(GOLDEN, 'from-diffusers');
    expect(unused.length).toBeGreaterThan(0);
    expect(unused.every((name) => name.startsWith('encoder.'))).toBe(true);
  });

  it('comes from a folder without a config, as one that was downloaded is', async () => {
    await mkdir(folder('pulled'));
    await cp(WEIGHTS, folder('pulled/diffusion_pytorch_model.safetensors'));
    await decodeWith(folder('pulled'), 'from-pulled');
    await writeFile(folder('pulled/config.json'), '{');
    const damaged = importBundle(EXPORT, folder('refused'), { tinyDecoder: folder('pulled') });
    await expect(damaged).rejects.toMatchObject({ code: 'BAD_CONFIG' });
  });

  it('comes from a file alone, and from TAESD’s own decoder', async () => {
    const decoder = tensors.filter(({ name }) => name.startsWith('decoder.'));
    await safetensors(folder('decoder.safetensors'), decoder);
    expect(await decodeWith(folder('decoder.safetensors'), 'from-file')).toEqual([]);
    // Its clamp is layer 0.
    const renamed = decoder.map((tensor) => ({
      ...tensor,
      name: tensor.name.replace(/^decoder\.layers\.(\d+)/, (_, index) => String(Number(index) + 1)),
    }));
    await torch(folder('taesd_decoder.pth'), renamed);
    expect(await decodeWith(folder('taesd_decoder.pth'), 'from-taesd')).toEqual([]);
  });

  it('is refused where it is an encoder, or for latents of another model', async () => {
    const refusal = async (file: string, code: string, message: RegExp) => {
      await expect(
        importBundle(EXPORT, folder('refused'), { tinyDecoder: folder(file) }),
      ).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    };
    const encoder = tensors.filter(({ name }) => name.startsWith('encoder.'));
    await safetensors(folder('encoder.safetensors'), encoder);
    await refusal('encoder.safetensors', 'MISSING_TENSOR', /decoder\.layers\.0/);
    const other = tensors.map((tensor) =>
      tensor.name === 'decoder.layers.0.weight'
        ? { ...tensor, shape: [8, 16, 3, 3], values: new Float32Array(8 * 16 * 9) }
        : tensor,
    );
    await safetensors(folder('other.safetensors'), other);
    await refusal('other.safetensors', 'UNSUPPORTED', /4 latent channels.*one of 16/);
  });
});

describe('a tiny autoencoder as the VAE', () => {
  it('is imported with its pipeline, and its sources are given to the UNet as it was trained', async () => {
    const pipeline = folder('pipeline');
    await cp(INSTRUCT, pipeline, { recursive: true });
    await rm(join(pipeline, 'vae'), { recursive: true });
    await cp(GOLDEN, join(pipeline, 'vae'), { recursive: true });
    const { bundle } = await importBundle(pipeline, folder('tiny-vae'));
    expect(bundle.latents).toMatchObject({ scalingFactor: 1, sourceScale: 1 / 0.18215 });
  });
});
