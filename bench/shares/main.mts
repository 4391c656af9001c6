/**
 * Where the time of an edit goes: inside ONNX Runtime or outside, inside the UNet or outside, for the starter and for
 * the authors' networks at full size with random weights (int8 UNet, judged through a tiny decoder or through the VAE).
 * Random weights convince nobody, so `fast` goes on to the last of its iterations.
 *
 *   npm run bench:shares                       the starter; add a folder for 6 GB to see full size too
 *   options: --mode fast  --iterations 3  --rounds 5  --warm-up 8  --threads 2
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { openDocument } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { resizePicture } from '@emoeditor/companion-server/imaging/resizePicture.ts';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { precisionFor } from '@emoeditor/companion-server/importer/storage.ts';
import { findBundle } from '@emoeditor/companion-server/models/bundleStore.ts';
import {
  type LoadedModelSet,
  loadModelSet,
} from '@emoeditor/companion-server/models/loadModelSet.ts';
import { createEditPipeline } from '@emoeditor/companion-server/pipeline/editPipeline.ts';
import { editRequestSchema } from '@emoeditor/shared';
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
const photo = join(import.meta.dirname, '../../studio/public/samples/stream.jpg');
const { pixels } = await openDocument(photo);
const request = editRequestSchema.parse({
  target: { kind: 'emotion', emotion: 'awe' },
  mode: values.mode,
  maxIterations: Number(values.iterations),
});

const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

async function sharesOf(name: string, models: LoadedModelSet) {
  const { bundle } = models;
  const editor = createEditPipeline({
    models,
    resize: resizePicture,
    ...(bundle.fast === undefined ? {} : { fast: bundle.fast }),
  });
  const proxy = await makeProxy(pixels, models.info.workingArea, models.info.sizeMultiple);
  const [total, outsideRuntime, outsideUNet]: [number[], number[], number[]] = [[], [], []];
  let counts = { iterations: 0, evaluations: 0 };
  const warmUp = Number(values['warm-up']);
  for (let round = 0; round < warmUp + Number(values.rounds); round++) {
    onnxRuntime.ms = 0;
    const events = { progress() {}, iteration() {} };
    const { timings, iterations, unetEvaluations } = await editor.edit(
      request,
      proxy,
      events,
      new AbortController().signal,
    );
    counts = { iterations: iterations.length, evaluations: unetEvaluations };
    if (round < warmUp) continue;
    const { unet = 0, iterate = 0, total: ms = 0 } = timings;
    total.push(ms);
    outsideRuntime.push(1 - onnxRuntime.ms / ms);
    outsideUNet.push(1 - unet / iterate);
  }
  const percent = (shares: readonly number[]) => `${(100 * median(shares)).toFixed(1)} %`;
  return {
    model: name,
    picture: `${proxy.width}×${proxy.height}`,
    ...counts,
    'edit, ms': Math.round(median(total)),
    'outside ONNX Runtime': percent(outsideRuntime),
    'of iterations outside the UNet': percent(outsideUNet),
  };
}

const rows: Awaited<ReturnType<typeof sharesOf>>[] = [];
const starter = await loadModelSet(await findBundle(null), { threads, provider: 'cpu' });
rows.push(await sharesOf('starter', starter));
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
