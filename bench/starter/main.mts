/**
 * What the starter does to photographs that training never saw: every sample of the studio with every emotion, in the
 * `fast` mode. P(target) is the loop's own predictor's, so it flatters; a judge of its own is issue "training".
 *
 *   npm run bench:starter              all samples
 *   npx tsx bench/starter/main.mts 3   the first three
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadEditor } from '@emoeditor/companion-server/cli/loadEditor.ts';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { openDocument } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { EMOTIONS, editRequestSchema } from '@emoeditor/shared';

const SAMPLES = join(import.meta.dirname, '../../studio/public/samples');
const limit = Number(process.argv[2] ?? Number.POSITIVE_INFINITY);
const never = new AbortController().signal;
const { editor, info } = await loadEditor(null, never);
const names = (await readdir(SAMPLES)).filter((name) => name.endsWith('.jpg')).slice(0, limit);

const rows: {
  before: number;
  after: number;
  top: boolean;
  inside: boolean;
  accepted: boolean;
  evaluations: number;
}[] = [];
for (const name of names) {
  const { pixels } = await openDocument(join(SAMPLES, name));
  const proxy = makeProxy(pixels, info.workingArea, info.sizeMultiple);
  const cells: string[] = [];
  for (const [index, emotion] of EMOTIONS.entries()) {
    const request = editRequestSchema.parse({ target: { kind: 'emotion', emotion } });
    const outcome = await editor.edit(request, proxy, { progress() {}, iteration() {} }, never);
    const report = outcome.iterations[outcome.chosen]?.report;
    if (report === undefined) throw new Error('No iteration was chosen.');
    const { distribution, ssim, verdict } = report;
    rows.push({
      before: outcome.sourceDistribution[index] ?? 0,
      after: distribution[index] ?? 0,
      top: Math.max(...distribution) === distribution[index],
      inside: ssim > 0.5 && ssim < 0.8,
      accepted: verdict === 'accepted',
      evaluations: outcome.unetEvaluations,
    });
    cells.push(`${emotion} ${(distribution[index] ?? 0).toFixed(2)}/${ssim.toFixed(2)}`);
  }
  console.log(`${name.padEnd(16)} P(target)/SSIM  ${cells.join('  ')}`);
}

const share = (test: (row: (typeof rows)[number]) => boolean) =>
  `${Math.round((rows.filter(test).length / rows.length) * 100)} %`;
const mean = (of: (row: (typeof rows)[number]) => number) =>
  rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
console.log(`\n${names.length} photographs × 8 emotions`);
console.log(
  `mean P(target)         ${mean(({ before }) => before).toFixed(2)} before, ${mean(({ after }) => after).toFixed(2)} after`,
);
console.log(`target is the top one  ${share(({ top }) => top)}`);
console.log(`SSIM in (0.5, 0.8)     ${share(({ inside }) => inside)}`);
console.log(`accepted by IEI        ${share(({ accepted }) => accepted)}`);
console.log(
  `UNet evaluations       ${mean(({ evaluations }) => evaluations).toFixed(0)} on average`,
);
process.exit(0);
