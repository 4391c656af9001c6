/**
 * What storing and computing in fewer bits costs a whole edit: the same photographs, emotions and seeds through two
 * bundles of the same weights. Prints the PSNR between the first candidates' pictures (before a different verdict may
 * send the loops different ways) and between the chosen ones, and what the predictor makes of both.
 *
 *   npx emoeditor import <export> --out /tmp/float32 --precision float32
 *   npx tsx bench/precision/main.mts /tmp/float32 models/starter [photographs]
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadEditor } from '@emoeditor/companion-server/cli/loadEditor.ts';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { openDocument } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { EMOTIONS, type Emotion, editRequestSchema } from '@emoeditor/shared';

const SAMPLES = join(import.meta.dirname, '../../studio/public/samples');
const [reference, other, limit = '4'] = process.argv.slice(2);
if (reference === undefined || other === undefined) {
  throw new Error('Expected two bundles: the reference and the one to be judged.');
}
const never = new AbortController().signal;
const editors = [await loadEditor(reference, never), await loadEditor(other, never)] as const;

interface Edit {
  readonly first: Float32Array;
  readonly chosen: Float32Array;
  readonly probability: number;
  readonly milliseconds: number;
}

async function edit(
  { editor, info }: (typeof editors)[number],
  file: string,
  emotion: Emotion,
): Promise<Edit> {
  const { pixels } = await openDocument(join(SAMPLES, file));
  const proxy = await makeProxy(pixels, info.workingArea, info.sizeMultiple);
  const request = editRequestSchema.parse({ target: { kind: 'emotion', emotion } });
  const started = performance.now();
  const outcome = await editor.edit(request, proxy, { progress() {}, iteration() {} }, never);
  const milliseconds = performance.now() - started;
  const [first, chosen] = [outcome.iterations[0], outcome.iterations[outcome.chosen]];
  return {
    first: first?.decoded ?? new Float32Array(),
    chosen: chosen?.decoded ?? new Float32Array(),
    probability: chosen?.report.distribution[EMOTIONS.indexOf(emotion)] ?? Number.NaN,
    milliseconds,
  };
}

/** Of pictures in [0, 1]. */
function psnr(a: Float32Array, b: Float32Array): number {
  const squared = a.reduce((sum, value, i) => sum + (value - (b[i] ?? Number.NaN)) ** 2, 0);
  return -10 * Math.log10(squared / a.length);
}

const rows: { first: number; chosen: number; p: readonly [number, number]; speed: number }[] = [];
const files = (await readdir(SAMPLES)).filter((name) => name.endsWith('.jpg'));
for (const file of files.slice(0, Number(limit))) {
  for (const emotion of EMOTIONS) {
    const [a, b] = [await edit(editors[0], file, emotion), await edit(editors[1], file, emotion)];
    rows.push({
      first: psnr(a.first, b.first),
      chosen: psnr(a.chosen, b.chosen),
      p: [a.probability, b.probability],
      speed: b.milliseconds / a.milliseconds,
    });
  }
}
const quantile = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? Number.NaN;
const show = (name: string, values: readonly number[], digits = 1) =>
  console.log(
    `${name.padEnd(34)} median ${quantile(values, 0.5).toFixed(digits)}, tenth ${quantile(values, 0.1).toFixed(digits)}, worst ${quantile(values, 0).toFixed(digits)}`,
  );
console.log(`${rows.length} edits: ${other} against ${reference}`);
show(
  'PSNR of the first candidate, dB',
  rows.map(({ first }) => first),
);
show(
  'PSNR of the chosen candidate, dB',
  rows.map(({ chosen }) => chosen),
);
const mean = (index: 0 | 1) => rows.reduce((sum, { p }) => sum + p[index], 0) / rows.length;
console.log(`mean P(target) of the chosen       ${mean(0).toFixed(3)} → ${mean(1).toFixed(3)}`);
show(
  'time of a whole edit, ratio',
  rows.map(({ speed }) => speed),
  2,
);
process.exit(0);
