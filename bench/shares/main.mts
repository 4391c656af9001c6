/**
 * Where the time of an edit goes: inside ONNX Runtime or outside, inside the UNet or outside, for the starter and for
 * the authors' networks at full size with random weights (int8 UNet, judged through a tiny decoder or through the VAE).
 * Random weights are never accepted, so `fast` runs all its iterations. One edit is repeated; for the starter all
 * samples × emotions are measured too, and their times added up.
 *
 *   npm run bench:shares                       the starter; add a folder for 6 GB to see full size too
 *   options: --mode fast  --iterations 3  --rounds 5  --warm-up 8  --threads 2
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createEditor } from '@emoeditor/companion-server/engine/createEditor.ts';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { openDocument } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { precisionFor } from '@emoeditor/companion-server/importer/weights/storage.ts';
import { findBundle } from '@emoeditor/companion-server/models/bundleStore.ts';
import {
  type LoadedModelSet,
  loadModelSet,
} from '@emoeditor/companion-server/models/loadModelSet.ts';
import type { Editor, Picture } from '@emoeditor/companion-server/pipeline/edit.ts';
import { EMOTIONS, type Emotion, editRequestSchema } from '@emoeditor/shared';
import { writeAuthorsFiles, writeTinyAutoencoder } from '../import/checkpoints.mts';
import { timeOnnxRuntime } from './onnxRuntimeTime.mts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mode: { type: 'string', default: 'fast' },
    iterations: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    // V8 compiles a loop when it has run for a while.
    'warm-up': { type: 'string', default: '8' },
    threads: { type: 'string', default: String(availableParallelism()) },
  },
});
const threads = Number(values.threads);
const onnxRuntime = timeOnnxRuntime();
const SAMPLES = join(import.meta.dirname, '../../studio/public/samples');
const ONE = 'stream.jpg';

const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
const sum = (numbers: readonly number[]) => numbers.reduce((total, value) => total + value, 0);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

const editorOf = (models: LoadedModelSet): Editor =>
  createEditor({
    models,
    ...(models.bundle.fast === undefined ? {} : { fast: models.bundle.fast }),
  });

async function proxyOf(file: string, { info }: LoadedModelSet): Promise<Picture> {
  const { pixels } = await openDocument(join(SAMPLES, file));
  return makeProxy(pixels, info.workingArea, info.sizeMultiple);
}

/** One edit, in milliseconds. */
async function timesOf(editor: Editor, proxy: Picture, emotion: Emotion) {
  const request = editRequestSchema.parse({
    target: { kind: 'emotion', emotion },
    mode: values.mode,
    maxIterations: Number(values.iterations),
  });
  onnxRuntime.ms = 0;
  const events = { progress() {}, iteration() {} };
  const { signal } = new AbortController();
  const { timings, iterations, unetEvaluations } = await editor.edit(
    request,
    proxy,
    events,
    signal,
  );
  const { unet = 0, iterate = 0, total = 0 } = timings;
  return {
    total,
    iterate,
    unet,
    inRuntime: onnxRuntime.ms,
    iterations: iterations.length,
    evaluations: unetEvaluations,
  };
}

async function sharesOf(name: string, models: LoadedModelSet) {
  const editor = editorOf(models);
  const proxy = await proxyOf(ONE, models);
  for (let i = 0; i < Number(values['warm-up']); i++) await timesOf(editor, proxy, 'awe');
  const found: Awaited<ReturnType<typeof timesOf>>[] = [];
  for (let i = 0; i < Number(values.rounds); i++) found.push(await timesOf(editor, proxy, 'awe'));
  return {
    model: name,
    picture: `${proxy.width}×${proxy.height}`,
    iterations: found[0]?.iterations,
    evaluations: found[0]?.evaluations,
    'edit, ms': Math.round(median(found.map(({ total }) => total))),
    'outside ONNX Runtime': percent(
      median(found.map(({ total, inRuntime }) => 1 - inRuntime / total)),
    ),
    'of iterations outside the UNet': percent(
      median(found.map(({ unet, iterate }) => 1 - unet / iterate)),
    ),
  };
}

/** All samples, each to every emotion, after one round of them to warm up. */
async function sharesOfAll(name: string, models: LoadedModelSet) {
  const editor = editorOf(models);
  const files = (await readdir(SAMPLES)).filter((file) => file.endsWith('.jpg'));
  const proxies = await Promise.all(files.map((file) => proxyOf(file, models)));
  let found: Awaited<ReturnType<typeof timesOf>>[] = [];
  for (let round = 0; round < 2; round++) {
    found = [];
    for (const proxy of proxies) {
      for (const emotion of EMOTIONS) found.push(await timesOf(editor, proxy, emotion));
    }
  }
  const all = (part: keyof (typeof found)[number]) => sum(found.map((edit) => edit[part]));
  const mean = (part: 'iterations' | 'evaluations') =>
    Number((all(part) / found.length).toFixed(1));
  return {
    model: `${name}, ${found.length} edits`,
    picture: `${files.length} samples`,
    iterations: mean('iterations'),
    evaluations: mean('evaluations'),
    'edit, ms': Math.round(all('total') / found.length),
    'outside ONNX Runtime': percent(1 - all('inRuntime') / all('total')),
    'of iterations outside the UNet': percent(1 - all('unet') / all('iterate')),
  };
}

const rows: object[] = [];
const starter = await loadModelSet(await findBundle(null), { threads, provider: 'cpu' });
rows.push(await sharesOf('starter', starter), await sharesOfAll('starter', starter));
await starter.release();

const [place] = positionals;
if (place !== undefined) {
  const folder = await mkdtemp(join(place, 'emoeditor-bench-shares-'));
  try {
    await writeAuthorsFiles(join(folder, 'model'));
    await writeTinyAutoencoder(join(folder, 'taesd.pt'));
    const path = join(folder, 'bundle');
    await importBundle(join(folder, 'model'), path, {
      precision: precisionFor('cpu'),
      tinyDecoder: join(folder, 'taesd.pt'),
    });
    const models = await loadModelSet(path, { threads, provider: 'cpu' });
    rows.push(await sharesOf('full size, tiny decoder', models));
    const { tinyDecoder: _, ...whole } = models;
    rows.push(await sharesOf('full size, VAE', whole));
    await models.release();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
console.log(`${values.mode}, ${threads} threads of ${cpus()[0]?.model}`);
console.table(rows);
process.exit(0);
