import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEditor } from '@emoeditor/companion-server/engine/createEditor.ts';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { DEFAULT_INSTRUCTIONS } from '@emoeditor/companion-server/models/defaultInstructions.ts';
import {
  type LoadedModelSet,
  loadModelSet,
} from '@emoeditor/companion-server/models/loadModelSet.ts';
import { decode } from '@emoeditor/companion-server/pipeline/decode.ts';
import { denoise } from '@emoeditor/companion-server/pipeline/denoise.ts';
import { encode } from '@emoeditor/companion-server/pipeline/encode.ts';
import { textAndImageScheme } from '@emoeditor/companion-server/pipeline/guidance/textAndImageGuidance.ts';
import { createScheduler } from '@emoeditor/companion-server/schedulers/createScheduler.ts';
import type { Tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { editRequestSchema, type IeiMode } from '@emoeditor/shared';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readTensors, relativeError } from '../../golden/runGraph.ts';
import { temporaryFolder } from '../../temporaryFolder.ts';

/** A tiny InstructPix2Pix and what diffusers made with it; provenance.json says how. */
const GOLDEN = join(import.meta.dirname, '../../golden/instruct');
const made = JSON.parse(await readFile(join(GOLDEN, 'provenance.json'), 'utf8'));
const signal = new AbortController().signal;
const control = { signal, isOutOfTime: () => false, onStep() {} };
const folder = temporaryFolder();
let golden: (name: string) => Tensor;
let models: LoadedModelSet;

beforeAll(async () => {
  golden = await readTensors(join(GOLDEN, 'io.safetensors'));
  await importBundle(GOLDEN, folder('float32'), { precision: 'float32' });
  await importBundle(GOLDEN, folder('float16'), { precision: 'float16' });
});
afterEach(() => models.release());

const load = async (name: string) => {
  models = await loadModelSet(folder(name), { provider: 'cpu', threads: 1 });
  return models;
};

/** Peak signal-to-noise ratio of pictures in [0, 1], in dB. */
function psnr(is: Tensor, should: Tensor): number {
  expect(is.dims).toEqual(should.dims);
  const sum = is.data.reduce((all, value, i) => all + (value - (should.data[i] as number)) ** 2, 0);
  return -10 * Math.log10(sum / is.data.length);
}

describe.each([
  { precision: 'float32', decibel: 60, tolerance: 1e-4 },
  { precision: 'float16', decibel: 40, tolerance: 5e-3 },
])('an imported InstructPix2Pix in $precision', ({ precision, decibel, tolerance }) => {
  it('reads an instruction as transformers does', async () => {
    const { instructions } = await load(precision);
    const [tokens] = (await instructions?.encode([made.prompt])) ?? [];
    expect(relativeError(tokens as Tensor, golden('tokens'))).toBeLessThan(tolerance);
  });

  it('edits as diffusers does: 30 steps of DDIM, guided by text and picture', async () => {
    const { vae, unet, instructions } = await load(precision);
    const [tokens, nullTokens] = ((await instructions?.encode([made.prompt, ''])) ?? []) as [
      Tensor,
      Tensor,
    ];
    const lane = {
      latents: golden('noise'),
      startStep: 0,
      conditioning: { tokens, nullTokens, imageLatents: await encode(vae, golden('image')) },
      guidance: textAndImageScheme(made.image_guidance_scale).at(made.guidance_scale),
    };
    const scheduler = createScheduler('ddim', {
      spacing: 'leading',
      steps: made.steps,
      trainTimesteps: 1000,
    });
    const [latents] = (await denoise(unet, scheduler, [lane], control)) ?? [];
    const edited = await decode(vae, latents as Tensor);
    expect(psnr(edited, golden('edited'))).toBeGreaterThan(decibel);
    // The words and the picture matter: without the words the result is another one.
    const [wordless] =
      (await denoise(
        unet,
        scheduler,
        [{ ...lane, conditioning: { ...lane.conditioning, tokens: nullTokens } }],
        control,
      )) ?? [];
    expect(psnr(await decode(vae, wordless as Tensor), golden('edited'))).toBeLessThan(
      decibel - 10,
    );
  });
});

const proxy = {
  width: 288,
  height: 192,
  rgb: Uint8Array.from({ length: 288 * 192 * 3 }, (_, i) => 128 + 100 * Math.sin(i / 97)),
};

describe('the bundle', () => {
  it('is of the kind instruction, with guidance, the starter’s predictor and unscaled sources', async () => {
    const { bundle, info } = await load('float32');
    expect(info.kind).toBe('instruction');
    expect(bundle).toMatchObject({
      conditioning: { tokens: 77, width: 24 },
      guidance: { text: 7.5, image: 1.5 },
      latents: { scalingFactor: 0.18215, sourceScale: 1 / 0.18215 },
      predictor: { inputSize: 224 },
      precision: { textEncoder: 'float32' },
    });
    const [distribution] = await models.predictor.predict(golden('image'));
    expect(distribution?.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  });

  it.each(['fast', 'paper', 'official'] as const)('edits in mode %s', async (mode: IeiMode) => {
    const loaded = await load('float32');
    const editor = createEditor({
      models: {
        ...loaded,
        info: { ...loaded.info, workingArea: 64 * 96, publishedArea: 128 * 192 },
      },
    });
    const request = editRequestSchema.parse({
      target: { kind: 'emotion', emotion: 'sadness' },
      mode,
      steps: 2,
      candidates: 1,
      maxIterations: 2,
    });
    const events = { progress() {}, iteration() {} };
    const { extent, iterations, unetEvaluations } = await editor.edit(
      request,
      proxy,
      events,
      signal,
    );
    expect(iterations.length).toBeGreaterThan(0);
    // Three rows a step.
    expect(unetEvaluations).toBe(6 * iterations.length);
    expect(iterations[0]?.decoded.every((value) => value >= 0 && value <= 1)).toBe(true);
    // Published rules work at the size that the model was published at.
    expect(extent.width * extent.height).toBe(mode === 'fast' ? 64 * 128 : 128 * 192);
  });

  it('follows the instructions that the user wrote, and says what is wrong with them', async () => {
    const path = folder('float16', 'instructions.json');
    const lists = { ...DEFAULT_INSTRUCTIONS, awe: ['Add stars'] };
    await writeFile(path, JSON.stringify(lists));
    expect((await load('float16')).instructions?.lists.awe).toEqual(['Add stars']);
    await models.release();
    await writeFile(path, JSON.stringify({ ...lists, fear: [] }));
    await expect(load('float16')).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      message: expect.stringMatching(/instructions\.json.*fear/s),
    });
    await writeFile(path, '{');
    await expect(load('float16')).rejects.toMatchObject({
      message: expect.stringContaining('no JSON'),
    });
    await writeFile(path, JSON.stringify(DEFAULT_INSTRUCTIONS));
  });
});
