/**
 * Throughput of the queue: one client's edits beside those of several, in turns in one run, so that a busy machine slows
 * both. Edits of scripted models, a fifth of a second each, unless a bundle is named. Ends with exit code 1 when several
 * clients have less than 95 % of one client's throughput.
 *
 *   npm run bench:clients -- [clients, 8] [edits of each, 20] [bundle]
 */
import type { CompanionClient } from '@emoeditor/plugin/client/companionClient.ts';
import { SRGB_PROFILE } from '@emoeditor/shared';
import { connectedCompanion } from '../harness/companion.mts';

/** What the project promises. */
const LEAST = 0.95;
/** Each side's turns; edits of a turn wait in the queue together. */
const TURNS = 4;
const SIDE = 64;

const [, , count = '8', each = '20', bundle] = process.argv;
const [clients, jobs] = [Number(count), Number(each)];
const scripted = new URL('../../test/fakes/scriptedEngineModels.ts', import.meta.url).href;
const companion = await (bundle === undefined
  ? connectedCompanion('slow', scripted)
  : connectedCompanion(bundle));
const never = new AbortController().signal;
const format = {
  ...({ width: SIDE, height: SIDE, channels: 3, sample: 'uint8', range: 255 } as const),
  profile: SRGB_PROFILE,
} as const;
const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => (i * 37) % 256);

const several: CompanionClient[] = [];
for (let i = 0; i < clients; i++) several.push(await companion.another());
await run([companion.client], 2);
const seconds = { one: 0, several: 0 };
for (let turn = 0; turn < TURNS; turn++) {
  seconds.one += await run([companion.client], (clients * jobs) / TURNS);
  seconds.several += await run(several, jobs / TURNS);
}
companion.close();

const total = clients * jobs;
const ratio = seconds.one / seconds.several;
console.log(`| clients | edits | seconds | edits a minute |`);
console.log('|---|---|---|---|');
for (const [name, taken] of [
  ['1', seconds.one],
  [`${clients}`, seconds.several],
] as const) {
  console.log(
    `| ${name} | ${total} | ${taken.toFixed(1)} | ${((60 * total) / taken).toFixed(0)} |`,
  );
}
console.log(`\n${clients} clients: ${(100 * ratio).toFixed(1)} % of one client's throughput`);
process.exit(ratio >= LEAST ? 0 : 1);

/** Seconds until all edits of all these clients have succeeded. */
async function run(all: readonly CompanionClient[], edits: number): Promise<number> {
  const started = performance.now();
  await Promise.all(
    all.flatMap((client) => Array.from({ length: edits }, () => editAndRelease(client))),
  );
  return (performance.now() - started) / 1000;
}

async function editAndRelease(client: CompanionClient): Promise<void> {
  const { jobId } = await client.submit(
    { target: { kind: 'emotion', emotion: 'awe' }, steps: 2 },
    { format, data },
    { onEvent() {}, onPreview() {} },
    never,
  );
  client.release(jobId);
}
