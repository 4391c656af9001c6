/**
 * The modes of Iterative Emotion Inference side by side: the same photographs, the same targets (for each photograph
 * one of the seven emotions that it does not evoke most), the same models. “Serial” counts candidates that run as one
 * batch once; “accepted” asks the published question of what each mode returns: 0.5 < SSIM < 0.8 and P(target) > 0.6.
 *
 *   npm run bench:modes -- folder-of-photographs     the studio's samples when left out
 *   options: --limit 50  --seed 42  --modes fast,official  --bundle models/starter
 */
import { readdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '@emoeditor/companion-server/config.ts';
import { createEditor } from '@emoeditor/companion-server/engine/createEditor.ts';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { openDocument } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { findBundle } from '@emoeditor/companion-server/models/bundleStore.ts';
import { loadModelSet } from '@emoeditor/companion-server/models/loadModelSet.ts';
import type { Picture } from '@emoeditor/companion-server/pipeline/edit.ts';
import { PUBLISHED, verdictOf } from '@emoeditor/companion-server/pipeline/ieiRules/acceptance.ts';
import { imageOf } from '@emoeditor/companion-server/pipeline/preprocess.ts';
import { randomInteger } from '@emoeditor/companion-server/tensor/noise.ts';
import { EMOTIONS, type Emotion, editRequestSchema, ieiModeSchema } from '@emoeditor/shared';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    limit: { type: 'string', default: '50' },
    seed: { type: 'string', default: '42' },
    modes: { type: 'string', default: 'fast,official' },
    bundle: { type: 'string' },
  },
});
const [folder = join(import.meta.dirname, '../../studio/public/samples')] = positionals;
const modes = values.modes.split(',').map((mode) => ieiModeSchema.parse(mode));
const seed = Number(values.seed);
const names = (await readdir(folder))
  .filter((name) => /\.(jpe?g|png|webp)$/i.test(name))
  .sort()
  .slice(0, Number(values.limit));

const models = await loadModelSet(await findBundle(values.bundle ?? null), {
  cacheFolder: readConfig().cacheFolder,
});
const { fast } = models.bundle;
let serial = 0;
const editor = createEditor({
  models: {
    ...models,
    unet: {
      predictNoise(...feeds) {
        serial += 1;
        return models.unet.predictNoise(...feeds);
      },
    },
  },
  ...(fast === undefined ? {} : { fast }),
});

interface Row {
  readonly mode: string;
  readonly serial: number;
  readonly evaluations: number;
  readonly iterations: number;
  readonly seconds: number;
  readonly pTarget: number;
  readonly ssim: number;
  readonly isAccepted: boolean;
}
const rows: Row[] = [];

for (const [index, name] of names.entries()) {
  const { pixels } = await openDocument(join(folder, name));
  const proxy = await makeProxy(pixels, models.info.workingArea, models.info.sizeMultiple);
  const target = await anotherEmotion(proxy, index);
  // Each mode goes first as often as the others, so that none gains by what the machine does meanwhile.
  const turn = index % modes.length;
  const cells: string[] = [];
  for (const mode of [...modes.slice(turn), ...modes.slice(0, turn)]) {
    const row = await edited(proxy, target, mode);
    rows.push(row);
    cells.push(
      `${mode} ${row.isAccepted ? 'accepted' : 'not accepted'}, P ${row.pTarget.toFixed(2)}, SSIM ${row.ssim.toFixed(2)}, ${row.serial} serial, ${row.seconds.toFixed(1)} s`,
    );
  }
  console.log(`${name} → ${target}: ${cells.join(' | ')}`);
}

/** One of the seven that the predictor does not name first. */
async function anotherEmotion(proxy: Picture, index: number): Promise<Emotion> {
  const [reading = []] = await models.predictor.predict(imageOf(proxy));
  const first = reading.indexOf(Math.max(...reading));
  const further = randomInteger(1, 7, { seed, iteration: index, candidate: 0 });
  return EMOTIONS[(first + further) % EMOTIONS.length] as Emotion;
}

async function edited(proxy: Picture, emotion: Emotion, mode: string): Promise<Row> {
  const request = editRequestSchema.parse({ target: { kind: 'emotion', emotion }, mode, seed });
  serial = 0;
  const started = performance.now();
  const outcome = await editor.edit(
    request,
    proxy,
    { progress() {}, iteration() {} },
    new AbortController().signal,
  );
  const seconds = (performance.now() - started) / 1000;
  const report = outcome.iterations[outcome.chosen]?.report;
  if (report === undefined) throw new Error('No iteration was chosen.');
  return {
    mode,
    serial,
    evaluations: outcome.unetEvaluations,
    iterations: outcome.iterations.length,
    seconds,
    pTarget: report.pTarget,
    ssim: report.ssim,
    isAccepted: verdictOf(report, PUBLISHED) === 'accepted',
  };
}

const mean = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length;
const percent = (of: readonly boolean[]) => `${Math.round(mean(of.map(Number)) * 100)} %`;
console.log(
  `\n${names.length} photographs, ${models.info.name} ${models.info.version}, ${models.provider.name}, ${cpus().length} × ${cpus()[0]?.model}`,
);
const table = modes.map((mode) => {
  const own = rows.filter((row) => row.mode === mode);
  const accepted = own.filter(({ isAccepted }) => isAccepted);
  return {
    mode,
    accepted: percent(own.map(({ isAccepted }) => isAccepted)),
    'mean P(target)': Number(mean(own.map(({ pTarget }) => pTarget)).toFixed(2)),
    'SSIM in window': percent(own.map(({ ssim }) => ssim > 0.5 && ssim < 0.8)),
    'of accepted, within 6 iterations': percent(accepted.map(({ iterations }) => iterations <= 6)),
    'serial evaluations': Number(mean(own.map((row) => row.serial)).toFixed(1)),
    evaluations: Number(mean(own.map(({ evaluations }) => evaluations)).toFixed(1)),
    iterations: Number(mean(own.map(({ iterations }) => iterations)).toFixed(2)),
    'seconds an edit': Number(mean(own.map((row) => row.seconds)).toFixed(2)),
  };
});
console.table(table);
const [first, ...others] = table;
for (const other of others) {
  const times = (key: 'serial evaluations' | 'evaluations' | 'seconds an edit') =>
    (other[key] / (first?.[key] ?? 1)).toFixed(1);
  console.log(
    `${other.mode} takes ${times('serial evaluations')} × the serial evaluations of ${first?.mode}, ${times('evaluations')} × all its evaluations, ${times('seconds an edit')} × its time`,
  );
}
process.exit(0);
