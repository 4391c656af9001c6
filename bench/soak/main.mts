/**
 * Many edits one after the other on one server, each composited at full resolution: what every process has of memory and
 * of open files must stay what it was once all is warm. Only Linux tells either. Ends with exit code 1 when one of the
 * three processes grew by more than 5 % or opened files without closing them.
 *
 * One edit in ten searches and draws a scene; the others change the light alone in one iteration, which takes a tenth of
 * the time.
 *
 *   npm run bench:soak -- [edits, 500] [megapixels, 12]
 */
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { documentFrom } from '@emoeditor/companion-server/imaging/openDocument.ts';
import { TILE_SIDE, tilesOf } from '@emoeditor/plugin/session/tiling.ts';
import { EMOTIONS, type Extent, SRGB_PROFILE } from '@emoeditor/shared';
import { connectedCompanion } from '../harness/companion.mts';
import { residentMemory } from '../harness/memory.mts';

const SAMPLE = fileURLToPath(new URL('../../studio/public/samples/stream.jpg', import.meta.url));
const MOST_GROWTH = 0.05;
/** Files that may be open beside those at the start: a picture that is written just now. */
const MOST_FILES = 3;
/** Every so many edits one has a scene. */
const SCENE_EVERY = 10;
const [, , count = '500', size = '12'] = process.argv;
const edits = Number(count);
/** Looks at the processes; the first fifth of them is warm-up. */
const LOOKS = Math.min(50, edits);
const never = new AbortController().signal;

const companion = await connectedCompanion();
const { client } = companion;
const processes = {
  client: process.pid,
  server: companion.serverPid,
  engine: companion.enginePid,
} as const;
type Name = keyof typeof processes;
interface Look {
  readonly megabytes: number;
  readonly files: number;
}

const { pixels } = await documentFrom(await readFile(SAMPLE), 'stream.jpg');
const { width, height, rgb } = await makeProxy(pixels, 256 * 256, 32);
const eightBit = { channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE } as const;
const proxy = { format: { width, height, ...eightBit }, data: rgb };
const texture = Uint8Array.from({ length: TILE_SIDE ** 2 * 3 }, (_, i) => (i * 37) % 256);
const extent = extentOf(Number(size));

const looks: Record<Name, Look>[] = [];
console.log(`${edits} edits with composites of ${size} megapixels\n`);
console.log('| edits | client MB | files | server MB | files | engine MB | files |');
console.log('|---|---|---|---|---|---|---|');
for (let edit = 1; edit <= edits; edit++) {
  await editAndComposite(edit);
  if (edit % Math.ceil(edits / LOOKS) === 0) await lookAt(edit);
}
companion.close();
for (const name of Object.keys(processes) as Name[]) judge(name);
process.exit();

async function editAndComposite(seed: number): Promise<void> {
  const emotion = EMOTIONS[seed % EMOTIONS.length] ?? 'awe';
  const { jobId, state } = await client.submit(
    { target: { kind: 'emotion', emotion }, seed, ...workOf(seed) },
    proxy,
    { onEvent() {}, onPreview() {} },
    never,
  );
  if (state.status !== 'succeeded') throw new Error(`Edit ${seed} is ${state.status}.`);
  const request = { jobId, iteration: state.chosen, intensity: 1, extent };
  const composite = await client.openComposite(request, never);
  const open: Promise<unknown>[] = [];
  for (const bounds of tilesOf({ left: 0, top: 0, ...extent })) {
    const format = { width: bounds.width, height: bounds.height, ...eightBit };
    const data = texture.slice(0, bounds.width * bounds.height * 3);
    open.push(composite.apply({ bounds, pixels: { format, data } }));
    if (open.length >= composite.maxInFlight) await open.shift();
  }
  await Promise.all(open);
  composite.close();
  client.release(jobId);
}

function workOf(edit: number) {
  return edit % SCENE_EVERY === 0 ? {} : { maxIterations: 1, scene: { elements: false } };
}

async function lookAt(edit: number): Promise<void> {
  const all = {} as Record<Name, Look>;
  for (const name of Object.keys(processes) as Name[]) {
    const pid = processes[name];
    const megabytes = (await residentMemory(pid))?.now ?? Number.NaN;
    const files = (await readdir(`/proc/${pid}/fd`).catch(() => [])).length;
    all[name] = { megabytes, files };
  }
  looks.push(all);
  const cells = Object.values(all).map(({ megabytes, files }) => `${megabytes} | ${files}`);
  console.log(`| ${edit} | ${cells.join(' | ')} |`);
}

/** Compares the second fifth of the looks with the last. */
function judge(name: Name): void {
  const fifth = Math.max(1, Math.floor(looks.length / 5));
  const before = looks.slice(fifth, 2 * fifth).map((look) => look[name]);
  const after = looks.slice(-fifth).map((look) => look[name]);
  const growth = mean(after.map(memory)) / mean(before.map(memory)) - 1;
  const files = Math.max(...after.map((look) => look.files)) - (before[0]?.files ?? 0);
  const isFlat = growth < MOST_GROWTH && files <= MOST_FILES;
  if (!isFlat) process.exitCode = 1;
  const verdict = isFlat ? 'flat' : 'GROWS';
  console.log(`${name}: ${(100 * growth).toFixed(1)} % memory, ${files} files more: ${verdict}`);
}

function memory({ megabytes }: Look): number {
  return megabytes;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function extentOf(megapixels: number): Extent {
  const wide = Math.round(Math.sqrt(megapixels * 1e6 * 1.5));
  return { width: wide, height: Math.round((megapixels * 1e6) / wide) };
}
