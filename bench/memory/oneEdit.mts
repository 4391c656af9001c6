/** One short edit in a process of its own. argv: bundle, cache folder. Prints its memory in MB as JSON. */
import { setTimeout } from 'node:timers/promises';
import { createEditor } from '@emoeditor/companion-server/engine/createEditor.ts';
import { loadModelSet } from '@emoeditor/companion-server/models/loadModelSet.ts';
import { editRequestSchema } from '@emoeditor/shared';
import { residentMemory } from '../harness/memory.mts';

const [bundle = '', cacheFolder = ''] = process.argv.slice(2);
const SIDE = 224;
/** Memory is at its highest after one step already; more would only take longer. */
const STEPS = 2;
/** The system takes back what was freed a moment later. */
const SETTLING_MS = 1000;

const started = performance.now();
const models = await loadModelSet(bundle, { provider: 'cpu', threads: 2, cacheFolder });
const pipeline = createEditor({ models });
const request = editRequestSchema.parse({
  target: { kind: 'emotion', emotion: 'awe' },
  mode: 'paper',
  steps: STEPS,
  maxIterations: 1,
});
const rgb = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => 128 + 100 * Math.sin(i / 97));
const events = { progress() {}, iteration() {} };
const picture = { width: SIDE, height: SIDE, rgb };
await pipeline.edit(request, picture, events, new AbortController().signal);
const afterEdit = await residentMemory(process.pid);
await models.release();
await setTimeout(SETTLING_MS);
const afterRelease = await residentMemory(process.pid);
console.log(
  JSON.stringify({
    peak: afterEdit?.peak,
    afterEdit: afterEdit?.now,
    afterRelease: afterRelease?.now,
    seconds: (performance.now() - started) / 1000,
  }),
);
