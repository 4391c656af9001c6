/**
 * What a bundle does to photographs: each with every emotion, in the `fast` mode. P(target) is the loop's own
 * predictor's, so it flatters; `python -m emoeditor.figures` runs this with --out and asks a judge of its own.
 *
 *   npm run bench:starter                                    the studio's samples
 *   npm run bench:starter -- --photos folder --limit 100 --out edits
 *   options: --bundle models/starter  --seed 42  --in-turn (one emotion per photograph, another for each)
 *
 * With --out it goes on where it stopped.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadEditor } from '@emoeditor/companion-server/cli/loadEditor.ts';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { openDocument } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { savePlanar } from '@emoeditor/companion-server/imaging/savePlanar.ts';
import { BUNDLE_FILE } from '@emoeditor/companion-server/models/bundle.ts';
import { findBundle } from '@emoeditor/companion-server/models/bundleStore.ts';
import { EMOTIONS, type Emotion, editRequestSchema } from '@emoeditor/shared';
import { openLedger, type Row } from './ledger.mts';

const { values } = parseArgs({
  options: {
    photos: { type: 'string', default: join(import.meta.dirname, '../../studio/public/samples') },
    limit: { type: 'string', default: '1000' },
    bundle: { type: 'string' },
    seed: { type: 'string', default: '42' },
    out: { type: 'string' },
    'in-turn': { type: 'boolean', default: false },
  },
});
const never = new AbortController().signal;
const { editor, info } = await loadEditor(values.bundle ?? null, never);
const names = (await readdir(values.photos))
  .filter((name) => /\.(jpe?g|png|webp)$/i.test(name))
  .sort()
  .slice(0, Number(values.limit));
// The manifest holds the hashes of all other files.
const manifest = await readFile(join(await findBundle(values.bundle ?? null), BUNDLE_FILE));
const bundle = createHash('sha256').update(manifest).digest('hex');
const ledger = await openLedger(values.out ?? null, { bundle, seed: values.seed });
const { rows } = ledger;

for (const [number, name] of names.entries()) {
  const wanted = values['in-turn'] ? [EMOTIONS[number % EMOTIONS.length] as Emotion] : EMOTIONS;
  const missing = wanted.filter((emotion) => ledger.find(name, emotion) === undefined);
  if (missing.length > 0) await editPhoto(number, name, missing);
  const cells = wanted.map((emotion) => {
    const { after, ssim } = ledger.find(name, emotion) as Row;
    return `${emotion} ${after.toFixed(2)}/${ssim.toFixed(2)}`;
  });
  console.log(`${name.padEnd(24)} P(target)/SSIM  ${cells.join('  ')}`);
}

async function editPhoto(number: number, name: string, targets: readonly Emotion[]) {
  const { pixels } = await openDocument(join(values.photos, name));
  const proxy = await makeProxy(pixels, info.workingArea, info.sizeMultiple);
  for (const emotion of targets) {
    const request = editRequestSchema.parse({
      target: { kind: 'emotion', emotion },
      seed: Number(values.seed),
    });
    const started = performance.now();
    const outcome = await editor.edit(request, proxy, { progress() {}, iteration() {} }, never);
    const seconds = (performance.now() - started) / 1000;
    const chosen = outcome.iterations[outcome.chosen];
    if (chosen === undefined) throw new Error('No iteration was chosen.');
    if (values.out !== undefined) {
      const stem = join(values.out, String(number).padStart(4, '0'));
      await savePlanar(`${stem}-source.png`, outcome.source, outcome.extent);
      await savePlanar(`${stem}-${emotion}.png`, chosen.delivered, outcome.extent);
    }
    const index = EMOTIONS.indexOf(emotion);
    const { distribution, ssim, verdict } = chosen.report;
    const after = distribution[index] ?? 0;
    await ledger.add({
      photo: name,
      target: emotion,
      before: outcome.sourceDistribution[index] ?? 0,
      after,
      isTop: Math.max(...distribution) === after,
      ssim,
      isAccepted: verdict === 'accepted',
      iterations: outcome.iterations.length,
      evaluations: outcome.unetEvaluations,
      seconds,
    });
  }
}

const share = (test: (row: Row) => boolean, of = rows) =>
  of.length === 0 ? 'none' : `${Math.round((of.filter(test).length / of.length) * 100)} %`;
const mean = (of: (row: Row) => number) =>
  rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
const seconds = rows.map((row) => row.seconds).sort((a, b) => a - b);
const accepted = rows.filter(({ isAccepted }) => isAccepted);
console.log(`\n${rows.length} edits of ${names.length} photographs`);
console.log(
  `mean P(target)         ${mean(({ before }) => before).toFixed(2)} before, ${mean(({ after }) => after).toFixed(2)} after`,
);
for (const emotion of EMOTIONS) {
  const own = rows.filter(({ target }) => target === emotion);
  if (own.length === 0) continue;
  const average = own.reduce((sum, { after }) => sum + after, 0) / own.length;
  console.log(
    `  ${emotion.padEnd(20)} ${average.toFixed(2)}, accepted ${share(({ isAccepted }) => isAccepted, own)}`,
  );
}
console.log(`target is the top one  ${share(({ isTop }) => isTop)}`);
console.log(`SSIM in (0.5, 0.8)     ${share(({ ssim }) => ssim > 0.5 && ssim < 0.8)}`);
console.log(`  of accepted edits    ${share(({ ssim }) => ssim > 0.5 && ssim < 0.8, accepted)}`);
console.log(`accepted by IEI        ${share(({ isAccepted }) => isAccepted)}`);
console.log(`iterations             ${mean(({ iterations }) => iterations).toFixed(1)} on average`);
console.log(
  `UNet evaluations       ${mean(({ evaluations }) => evaluations).toFixed(0)} on average`,
);
console.log(`seconds per edit       ${(seconds[seconds.length >> 1] ?? 0).toFixed(1)} median`);
process.exit(0);
