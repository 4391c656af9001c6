/**
 * What guidance is worth to a model of emotion directions, by what it is guided against. The starter's training drops the
 * emotion now and then, so that zero tokens mean “nothing asked” to it; the authors' training never does, so that zero
 * tokens are none that their network has seen. Tokens that the starter has not seen stand in for that here; or give the
 * bundle of a starter that was trained without dropping (`training/configs/starter-undropped.json`).
 *
 *   npm run bench:guidance                    the studio's samples × eight emotions
 *   options: --photos folder  --limit 8  --bundle models/starter  --seed 42
 *
 * One iteration of `fast` each, at the level and guidance that the bundle recommends first. P(target), SSIM and clipping
 * are of the layer as it is delivered, at working size; clipped are samples at black or white, beyond the photograph's.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '@emoeditor/companion-server/config.ts';
import { createEditor } from '@emoeditor/companion-server/engine/createEditor.ts';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { openDocument } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { findBundle } from '@emoeditor/companion-server/models/bundleStore.ts';
import { loadModelSet } from '@emoeditor/companion-server/models/loadModelSet.ts';
import type { UNet } from '@emoeditor/companion-server/pipeline/modelPorts.ts';
import { gaussianNoise } from '@emoeditor/companion-server/tensor/noise.ts';
import { type Tensor, tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { EMOTIONS, editRequestSchema } from '@emoeditor/shared';

const { values } = parseArgs({
  options: {
    photos: { type: 'string', default: join(import.meta.dirname, '../../studio/public/samples') },
    limit: { type: 'string', default: '8' },
    bundle: { type: 'string' },
    seed: { type: 'string', default: '42' },
  },
});
const never = new AbortController().signal;
const models = await loadModelSet(await findBundle(values.bundle ?? null), {
  cacheFolder: readConfig().cacheFolder,
});
const { emotionEncoder, bundle, info } = models;
const { fast, acceptance } = bundle;
if (emotionEncoder === undefined || fast === undefined) {
  throw new Error('Expected a bundle of emotion directions with settings for fast.');
}
const names = (await readdir(values.photos))
  .filter((name) => /\.(jpe?g|png|webp)$/i.test(name))
  .sort()
  .slice(0, Number(values.limit));

const zeroDirection = await emotionEncoder.encode(tensor(new Float32Array(8), [1, 8]));
const told = await emotionEncoder.encode(
  tensor(
    Float32Array.from({ length: 8 }, (_, i) => (i === 1 ? 0.9 : -0.9 / 7)),
    [1, 8],
  ),
);
const VARIANTS = {
  'no guidance (scale 1)': null,
  'against zero tokens': new Float32Array(told.data.length),
  'against tokens of a zero direction': zeroDirection.data,
  'against tokens that it has not seen': unseenLike(told),
} as const;

interface Reading {
  readonly pTarget: number;
  readonly ssim: number;
  readonly clipped: number;
  readonly isAccepted: boolean;
}

console.log(`${names.length} photographs × ${EMOTIONS.length} emotions, ${info.name}`);
console.log('variant                               P(target)   SSIM   clipped, %  accepted');
for (const [name, nothing] of Object.entries(VARIANTS)) {
  const readings = await readingsWith(nothing);
  const mean = (of: (reading: Reading) => number) =>
    readings.reduce((sum, reading) => sum + of(reading), 0) / readings.length;
  const cells = [
    mean(({ pTarget }) => pTarget).toFixed(3),
    mean(({ ssim }) => ssim).toFixed(3),
    (100 * mean(({ clipped }) => clipped)).toFixed(2),
    `${readings.filter(({ isAccepted }) => isAccepted).length} of ${readings.length}`,
  ];
  console.log(`${name.padEnd(38)} ${cells.join('      ')}`);
}
await models.release();

/** @param nothing tokens of the unconditional prediction; null for no guidance */
async function readingsWith(nothing: Float32Array | null): Promise<Reading[]> {
  const level = (settings: NonNullable<typeof fast>['weakest']) =>
    nothing === null ? { ...settings, guidanceScale: 1 } : settings;
  const editor = createEditor({
    ...(acceptance === undefined ? {} : { acceptance }),
    models: { ...models, unet: withNothing(models.unet, nothing ?? new Float32Array(0)) },
    fast: {
      ...(fast as NonNullable<typeof fast>),
      weakest: level((fast as NonNullable<typeof fast>).weakest),
      strongest: level((fast as NonNullable<typeof fast>).strongest),
      strengths: [],
    },
  });
  const readings: Reading[] = [];
  for (const name of names) {
    const { pixels } = await openDocument(join(values.photos, name));
    const proxy = await makeProxy(pixels, info.workingArea, info.sizeMultiple);
    for (const [index, emotion] of EMOTIONS.entries()) {
      const request = editRequestSchema.parse({
        target: { kind: 'emotion', emotion },
        seed: Number(values.seed),
        maxIterations: 1,
      });
      const outcome = await editor.edit(request, proxy, { progress() {}, iteration() {} }, never);
      const chosen = outcome.iterations[outcome.chosen];
      if (chosen === undefined) throw new Error('No iteration was chosen.');
      readings.push({
        pTarget: chosen.report.distribution[index] ?? 0,
        ssim: chosen.report.ssim,
        clipped: clippedShare(chosen.delivered) - clippedShare(outcome.source),
        isAccepted: chosen.report.verdict === 'accepted',
      });
    }
  }
  return readings;
}

/** The UNet, told `nothing` where the guidance tells it zeros. */
function withNothing(unet: UNet, nothing: Float32Array): UNet {
  return {
    predictNoise(sample, timestep, tokens) {
      const data = tokens.data.slice();
      const size = nothing.length;
      for (let at = 0; size > 0 && at < data.length; at += size) {
        const row = data.subarray(at, at + size);
        if (row.every((value) => value === 0)) row.set(nothing);
      }
      return unet.predictNoise(sample, timestep, tensor(data, tokens.dims));
    },
  };
}

/** Random tokens as long as those of an emotion. */
function unseenLike({ data, dims }: Tensor): Float32Array {
  const noise = gaussianNoise(dims, { seed: 7, iteration: 0, candidate: 0 }).data;
  const lengthOf = (values: Float32Array) => Math.hypot(...values);
  const scale = lengthOf(data as Float32Array) / lengthOf(noise);
  return noise.map((value) => value * scale);
}

/** Share of the samples at black or white, as 8 bits have it. */
function clippedShare(planar: Float32Array): number {
  return (
    planar.filter((value) => value <= 0.5 / 255 || value >= 254.5 / 255).length / planar.length
  );
}
