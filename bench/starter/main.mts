/**
 * What a bundle does to photographs: each with every emotion, in the `fast` mode. P(target) is the loop's own
 * predictor's, so it flatters; `python -m emoeditor.figures` runs this with --out and asks a judge of its own.
 *
 *   npm run bench:starter                                    the studio's samples
 *   npm run bench:starter -- --photos folder --limit 100 --out edits
 *   options: --bundle models/starter  --seed 42
 */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadEditor } from '@emoeditor/companion-server/cli/loadEditor.ts';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { openDocument } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { EMOTIONS, type Extent, editRequestSchema } from '@emoeditor/shared';
import sharp from 'sharp';

const { values } = parseArgs({
  options: {
    photos: { type: 'string', default: join(import.meta.dirname, '../../studio/public/samples') },
    limit: { type: 'string', default: '1000' },
    bundle: { type: 'string' },
    seed: { type: 'string', default: '42' },
    out: { type: 'string' },
  },
});
const never = new AbortController().signal;
const { editor, info } = await loadEditor(values.bundle ?? null, never);
const names = (await readdir(values.photos))
  .filter((name) => /\.(jpe?g|png|webp)$/i.test(name))
  .sort()
  .slice(0, Number(values.limit));
if (values.out !== undefined) await mkdir(values.out, { recursive: true });

interface Row {
  readonly photo: string;
  readonly target: string;
  readonly before: number;
  readonly after: number;
  readonly isTop: boolean;
  readonly ssim: number;
  readonly isAccepted: boolean;
  readonly iterations: number;
  readonly evaluations: number;
  readonly seconds: number;
}
const rows: Row[] = [];

for (const [number, name] of names.entries()) {
  const { pixels } = await openDocument(join(values.photos, name));
  const proxy = await makeProxy(pixels, info.workingArea, info.sizeMultiple);
  const cells: string[] = [];
  for (const [index, emotion] of EMOTIONS.entries()) {
    const request = editRequestSchema.parse({
      target: { kind: 'emotion', emotion },
      seed: Number(values.seed),
    });
    const started = performance.now();
    const outcome = await editor.edit(request, proxy, { progress() {}, iteration() {} }, never);
    const chosen = outcome.iterations[outcome.chosen];
    if (chosen === undefined) throw new Error('No iteration was chosen.');
    const { distribution, ssim, verdict } = chosen.report;
    const after = distribution[index] ?? 0;
    rows.push({
      photo: name,
      target: emotion,
      before: outcome.sourceDistribution[index] ?? 0,
      after,
      isTop: Math.max(...distribution) === after,
      ssim,
      isAccepted: verdict === 'accepted',
      iterations: outcome.iterations.length,
      evaluations: outcome.unetEvaluations,
      seconds: (performance.now() - started) / 1000,
    });
    cells.push(`${emotion} ${after.toFixed(2)}/${ssim.toFixed(2)}`);
    if (values.out === undefined) continue;
    const stem = join(values.out, String(number).padStart(4, '0'));
    if (index === 0) await savePicture(`${stem}-source.png`, outcome.source, outcome.extent);
    await savePicture(`${stem}-${emotion}.png`, chosen.decoded, outcome.extent);
  }
  console.log(`${name.padEnd(24)} P(target)/SSIM  ${cells.join('  ')}`);
}

/** @param planar RGB [3, H, W] in [0, 1] */
async function savePicture(path: string, planar: Float32Array, { width, height }: Extent) {
  const bytes = new Uint8Array(planar.length);
  const pixels = width * height;
  for (let i = 0; i < pixels; i++) {
    for (let k = 0; k < 3; k++) bytes[i * 3 + k] = Math.round((planar[k * pixels + i] ?? 0) * 255);
  }
  await sharp(bytes, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(path);
}

if (values.out !== undefined) {
  await writeFile(join(values.out, 'edits.json'), JSON.stringify(rows, null, 1));
}
const share = (test: (row: Row) => boolean, of = rows) =>
  of.length === 0 ? 'none' : `${Math.round((of.filter(test).length / of.length) * 100)} %`;
const mean = (of: (row: Row) => number) =>
  rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
const seconds = rows.map((row) => row.seconds).sort((a, b) => a - b);
const accepted = rows.filter(({ isAccepted }) => isAccepted);
console.log(`\n${names.length} photographs × 8 emotions`);
console.log(
  `mean P(target)         ${mean(({ before }) => before).toFixed(2)} before, ${mean(({ after }) => after).toFixed(2)} after`,
);
for (const emotion of EMOTIONS) {
  const own = rows.filter(({ target }) => target === emotion);
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
