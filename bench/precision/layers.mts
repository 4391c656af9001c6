/**
 * Which layers of a UNet bear int8: each alone in int8, all others in float16, on a real photograph's latents half-way
 * through an edit. Prints what that does to the predicted noise, layer by layer, worst first.
 *
 *   npx tsx bench/precision/layers.mts <model> <bundle of the same weights> [photograph]
 *   options: --emotion-encoder file  --predictor file   where `emoeditor import` needs them too
 *
 * The model in any form that `emoeditor import` takes. Every layer is a graph of its own to optimise: a minute each at the
 * size of Stable Diffusion 1, whose UNet has 280 of them.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { openDocument } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { buildUNet } from '@emoeditor/companion-server/importer/architectures/unet2dCondition.ts';
import { openModelSource } from '@emoeditor/companion-server/importer/sources/openModelSource.ts';
import type { SourceOptions } from '@emoeditor/companion-server/importer/sources/sourceOptions.ts';
import { createWeightReader } from '@emoeditor/companion-server/importer/weights/weightReader.ts';
import { createWeightsLayout } from '@emoeditor/companion-server/importer/weights/weightsFile.ts';
import { loadModelSet } from '@emoeditor/companion-server/models/loadModelSet.ts';
import { createGraphBuilder } from '@emoeditor/companion-server/onnx/graphBuilder.ts';
import { encodeModel } from '@emoeditor/companion-server/onnx/onnxModel.ts';
import type { StoredWeight } from '@emoeditor/companion-server/onnx/weights.ts';
import type { ModelSet } from '@emoeditor/companion-server/pipeline/modelPorts.ts';
import { openOnnxSession } from '@emoeditor/companion-server/runtime/onnxSession.ts';
import { wave } from '@emoeditor/companion-server/runtime/providerProbe.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { EMOTIONS } from '@emoeditor/shared';

const SAMPLE = join(import.meta.dirname, '../../studio/public/samples/stream.jpg');
const TIMESTEP = 500;
const { values, positionals } = parseArgs({
  options: { 'emotion-encoder': { type: 'string' }, predictor: { type: 'string' } },
  allowPositionals: true,
});
const [model, bundle, photo = SAMPLE] = positionals;
if (model === undefined || bundle === undefined) {
  throw new Error('Expected a model and the bundle that was imported from it.');
}
const never = new AbortController().signal;
const { 'emotion-encoder': emotionEncoder, predictor } = values;
const lyingApart: SourceOptions = {
  ...(emotionEncoder === undefined ? {} : { emotionEncoder }),
  ...(predictor === undefined ? {} : { predictor }),
};
const source = await openModelSource(model, lyingApart);
const { unet } = source;
const folder = await mkdtemp(join(tmpdir(), 'emoeditor-layers-'));
const inputs = await realInputs(bundle, photo);

/** Both storages of every weight, each in a file of its own, so that a graph can take one from here and one from there. */
const layouts = {
  float16: createWeightsLayout('float16.weights', 'float16'),
  int8: createWeightsLayout('int8.weights', 'int8'),
};
const places = new Map<string, { float16: StoredWeight; int8: StoredWeight }>();
const all = createGraphBuilder('all', createWeightReader(unet.weights), {
  place(weight) {
    const both = { float16: layouts.float16.place(weight), int8: layouts.int8.place(weight) };
    places.set(weight.name, both);
    return both.float16;
  },
});
buildUNet(all, unet.config);
for (const [name, layout] of Object.entries(layouts)) {
  await layout.write(join(folder, `${name}.weights`), { signal: never });
}

/** The predicted noise with some layers in int8. */
async function noiseWith(isInt8: (name: string) => boolean): Promise<Float32Array> {
  const graph = createGraphBuilder('one', createWeightReader(unet.weights), {
    place: ({ name }) => {
      const both = places.get(name);
      if (both === undefined) throw new RangeError(`No place for ${name}.`);
      return isInt8(name) ? both.int8 : both.float16;
    },
  });
  buildUNet(graph, unet.config);
  const path = join(folder, 'one.onnx');
  await writeFile(path, encodeModel(graph.finish()));
  const session = await openOnnxSession(path, { provider: 'cpu', threads: 2 });
  const { noisePred } = await session.run(inputs);
  await session.release();
  return noisePred?.data ?? new Float32Array();
}

const reference = await noiseWith(() => false);
const scale = Math.hypot(...reference);
const errorOf = (found: Float32Array) =>
  Math.hypot(...found.map((value, i) => value - (reference[i] ?? Number.NaN))) / scale;

const layers = [...places].filter(([, { int8 }]) => int8.type === 'int8').map(([name]) => name);
const errors: { layer: string; error: number }[] = [];
for (const layer of layers) {
  errors.push({ layer, error: errorOf(await noiseWith((name) => name === layer)) });
}
const together = errorOf(await noiseWith(() => true));
errors.sort((a, b) => b.error - a.error);
const percent = (error: number) => `${(error * 100).toFixed(3)} %`;
for (const { layer, error } of errors) console.log(`${percent(error).padStart(9)}  ${layer}`);
console.log(`${layers.length} layers, all of them together: ${percent(together)}`);
await source.close();
await rm(folder, { recursive: true });
process.exit(0);

/** Latents of the photograph with noise over them, and what the model is told for the first emotion. */
async function realInputs(from: string, path: string): Promise<Record<string, Tensor>> {
  const models = await loadModelSet(from, { provider: 'cpu' });
  const { pixels } = await openDocument(path);
  const { workingArea, sizeMultiple } = models.info;
  const { width, height, rgb } = await makeProxy(pixels, workingArea, sizeMultiple);
  const planar = new Float32Array(rgb.length);
  for (let i = 0; i < width * height; i++) {
    for (let k = 0; k < 3; k++) planar[k * width * height + i] = (rgb[i * 3 + k] ?? 0) / 127.5 - 1;
  }
  const latents = await models.vae.encode(tensor(planar, [1, 3, height, width]));
  const [, channels = 0, h = 0, w = 0] = latents.dims;
  const noise = wave(latents.data.length, 12.9898);
  const noisy = latents.data.map((value, i) => 0.5 * value + 1.2 * (noise[i] ?? 0));
  const sample = new Float32Array(noisy.length * 2);
  sample.set(noisy);
  const { sourceScale } = models.bundle.latents;
  sample.set(
    latents.data.map((value) => value * sourceScale),
    noisy.length,
  );
  const tokens = await tokensOf(models);
  await models.release();
  return {
    sample: tensor(sample, [1, channels * 2, h, w]),
    timestep: tensor(Float32Array.of(TIMESTEP), [1]),
    tokens,
  };
}

async function tokensOf({ emotionEncoder, instructions }: ModelSet): Promise<Tensor> {
  const direction = Float32Array.from({ length: 8 }, (_, i) => (i === 0 ? 0.9 : -0.9 / 7));
  if (emotionEncoder !== undefined) return emotionEncoder.encode(tensor(direction, [1, 8]));
  const [text = ''] = instructions?.lists[EMOTIONS[0]] ?? [];
  const [tokens] = (await instructions?.encode([text])) ?? [];
  if (tokens === undefined) throw new Error(`Expected a bundle with an encoder in ${bundle}.`);
  return tokens;
}
