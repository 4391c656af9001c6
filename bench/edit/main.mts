/**
 * One whole edit, the product against the same model in PyTorch, in turns within one run. What the edit asks of each
 * network (which, how often, how large a batch) is written down, and PyTorch is asked the same of training/emoeditor's
 * own networks with the bundle's weights, in float32, channels last where that is faster, on as many threads. PyTorch
 * does nothing else: no schedulers, guidance, SSIM or noise.
 * How much of the product's time is spent outside ONNX Runtime: bench/shares.
 *
 *   npm run bench:edit                     a sample photograph, "awe", one iteration
 *   options: --photo photo.jpg  --emotion fear  --iterations 1  --rounds 5  --threads 2
 *            --mode paper           the rules as published: 30 evaluations an iteration
 *
 * The peer: pip install -r bench/engine/peers/requirements.txt onnx
 */
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createEditor } from '@emoeditor/companion-server/engine/createEditor.ts';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { openDocument } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { findBundle } from '@emoeditor/companion-server/models/bundleStore.ts';
import { loadModelSet } from '@emoeditor/companion-server/models/loadModelSet.ts';
import { editRequestSchema } from '@emoeditor/shared';
import { startPyTorch } from './pytorchContender.mts';
import { PARTS, recorded } from './recordedCalls.mts';

const { values } = parseArgs({
  options: {
    photo: {
      type: 'string',
      default: join(import.meta.dirname, '../../studio/public/samples/stream.jpg'),
    },
    emotion: { type: 'string', default: 'awe' },
    mode: { type: 'string', default: 'fast' },
    iterations: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string' },
  },
});
const threads = Number(values.threads ?? availableParallelism());
const models = await loadModelSet(await findBundle(null), { threads, provider: 'cpu' });
const { calls, ...parts } = recorded(models);
const { fast } = models.bundle;
const editor = createEditor({
  models: { ...models, ...parts },
  ...(fast === undefined ? {} : { fast }),
});
const { pixels } = await openDocument(values.photo);
const proxy = await makeProxy(pixels, models.info.workingArea, models.info.sizeMultiple);
const request = editRequestSchema.parse({
  target: { kind: 'emotion', emotion: values.emotion },
  mode: values.mode,
  maxIterations: Number(values.iterations),
});
const pytorch = await startPyTorch(threads).catch((error: Error) => {
  console.log(`PyTorch does not run here: ${error.message}`);
  return null;
});

/** Milliseconds of each round, by name. */
const times = new Map<string, number[]>();
const note = (name: string, ms: number) => times.set(name, [...(times.get(name) ?? []), ms]);
const noteAll = (who: string, byPart: Readonly<Record<string, number>>) => {
  for (const [part, ms] of Object.entries(byPart)) note(`${who} ${part}`, ms);
};
// The first rounds compile, plan and allocate.
const WARM_UP = 3;
for (let round = 0; round < WARM_UP + Number(values.rounds); round++) {
  if (round === WARM_UP) times.clear();
  calls.length = 0;
  const started = performance.now();
  await editor.edit(
    request,
    proxy,
    { progress() {}, iteration() {} },
    new AbortController().signal,
  );
  note('ours edit', performance.now() - started);
  for (const part of PARTS) {
    const own = calls.filter((call) => call.part === part);
    note(
      `ours ${part}`,
      own.reduce((sum, call) => sum + call.ms, 0),
    );
  }
  if (pytorch !== null) noteAll('pytorch', await pytorch.run(calls));
}
await pytorch?.stop();

const median = (name: string) => {
  const sorted = [...(times.get(name) ?? [])].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};
console.log(
  `\n${proxy.width}×${proxy.height}, ${values.mode}, ${values.emotion}, ${threads} threads of ${cpus()[0]?.model}; medians of ${values.rounds} rounds`,
);
console.table(
  [...PARTS, 'edit'].map((part) => {
    const own = calls.filter((call) => call.part === part);
    const rows = own.reduce((sum, { dims }) => sum + (dims[0] ?? 0), 0);
    return {
      part,
      calls: part === 'edit' ? null : own.length,
      rows: part === 'edit' ? null : rows,
      'ours, ms': Number(median(`ours ${part}`).toFixed(1)),
      'PyTorch, ms': Number(median(`pytorch ${part}`).toFixed(1)),
      ratio: Number((median(`ours ${part}`) / median(`pytorch ${part}`)).toFixed(2)),
    };
  }),
);
process.exit(0);
