/**
 * Full-resolution compositing over the real socket to the real server, for pictures that are never held as a whole:
 * time by size, memory of every process, and what a change of the intensity costs until its first tile is back.
 *
 *   npm run bench:fullResolution                                1 to 100 megapixels, 16 bit
 *   npx tsx bench/fullResolution/main.mts 24 48                 other sizes, in megapixels
 */
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { documentFrom } from '@emoeditor/companion-server/imaging/openDocument.ts';
import type { Composite } from '@emoeditor/plugin/client/companion.ts';
import type { Tile } from '@emoeditor/plugin/host/hostPort.ts';
import { TILE_SIDE, tilesOf } from '@emoeditor/plugin/session/tiling.ts';
import { type Bounds, type Extent, SRGB_PROFILE } from '@emoeditor/shared';
import { connectedCompanion } from '../harness/companion.mts';
import { forgetPeak, residentMemory } from '../harness/memory.mts';

const SAMPLE = fileURLToPath(new URL('../../studio/public/samples/stream.jpg', import.meta.url));
const WORKING = { area: 256 * 256, multiple: 32 };
const RANGE = 32768;
const INTENSITIES = [1, 0.2, 0.8, 0.5, 1.2, 0.9, 0.4];

const sizes = process.argv.slice(2).map(Number);
const texture = Uint16Array.from(
  { length: TILE_SIDE ** 2 * 3 },
  (_, i) => (Math.imul(i, 0x9e3779b1) >>> 18) + 8192 + (i & 4095),
);
const megapixels = sizes.length > 0 ? sizes : [1, 4, 12, 24, 48, 100];
const never = new AbortController().signal;
const companion = await connectedCompanion();
const { client, serverPid, enginePid } = companion;

const { pixels } = await documentFrom(await readFile(SAMPLE), 'stream.jpg');
const proxy = await makeProxy(pixels, WORKING.area, WORKING.multiple);
const { width, height, rgb } = proxy;
const format = {
  width,
  height,
  ...({ channels: 3, sample: 'uint8', range: 255 } as const),
  profile: SRGB_PROFILE,
} as const;
const { jobId, state } = await client.submit(
  { target: { kind: 'emotion', emotion: 'awe' } },
  { format, data: rgb },
  { onEvent() {}, onPreview() {} },
  never,
);
if (state.status !== 'succeeded') throw new Error('The edit was cancelled.');
const pids = { client: process.pid, server: serverPid, engine: enginePid };

console.log(`16-bit RGB on ${cpus().length} × ${cpus()[0]?.model}, tiles of ${TILE_SIDE}²\n`);
console.log('| megapixels | seconds | ms per megapixel | above idle: client | server | engine |');
console.log('|---|---|---|---|---|---|');
for (const size of megapixels) {
  const extent = extentOf(size);
  // Once for nothing: the first time grows the memory of every process to what it needs.
  if (size === megapixels[0]) await compositeAll(await opened(extent, 1), extent);
  const idle = await memory('now');
  for (const pid of Object.values(pids)) await forgetPeak(pid);
  const start = performance.now();
  await compositeAll(await opened(extent, 1), extent);
  const taken = performance.now() - start;
  const peak = await memory('peak');
  const above = (['client', 'server', 'engine'] as const).map(
    (name) => `${Math.max(0, peak[name] - idle[name])} MB`,
  );
  console.log(
    `| ${size} | ${(taken / 1000).toFixed(2)} | ${(taken / size).toFixed(0)} | ${above.join(' | ')} |`,
  );
}
const now = await memory('now');
console.log(`\nresident now: client ${now.client}, server ${now.server}, engine ${now.engine} MB`);

const large = extentOf(100);
const first: number[] = [];
for (const intensity of INTENSITIES) {
  const start = performance.now();
  const composite = await opened(large, intensity);
  await composite.apply(tileOf(tilesOf({ left: 0, top: 0, ...large })[0] as Bounds));
  first.push(performance.now() - start);
  composite.close();
}
first.sort((a, b) => a - b);
console.log(
  `a new intensity to its first tile: ${first[first.length >> 1]?.toFixed(0)} ms (median of ${first.length}, ${first[0]?.toFixed(0)} to ${first.at(-1)?.toFixed(0)})`,
);
companion.close();

function extentOf(size: number): Extent {
  const wide = Math.round(Math.sqrt(size * 1e6 * 1.5));
  return { width: wide, height: Math.round((size * 1e6) / wide) };
}

function opened(extent: Extent, intensity: number): Promise<Composite> {
  if (state.status !== 'succeeded') throw new Error('Expected an edit.');
  const grain = 0.01;
  return client.openComposite({ jobId, iteration: state.chosen, intensity, grain, extent }, never);
}

/** As the panel does it: as many tiles on their way as the composite takes. */
async function compositeAll(composite: Composite, extent: Extent): Promise<void> {
  const open: Promise<unknown>[] = [];
  for (const bounds of tilesOf({ left: 0, top: 0, ...extent })) {
    open.push(composite.apply(tileOf(bounds)));
    if (open.length >= composite.maxInFlight) await open.shift();
  }
  await Promise.all(open);
  composite.close();
}

/** Copied out when it is asked for, as Photoshop gives it: shapes and fine texture. */
function tileOf(bounds: Bounds): Tile {
  const { width: w, height: h } = bounds;
  return {
    bounds,
    pixels: {
      format: {
        ...{ width: w, height: h, channels: 3, sample: 'uint16', range: RANGE },
        profile: SRGB_PROFILE,
      },
      data: texture.slice(0, w * h * 3),
    },
  };
}

async function memory(kind: 'now' | 'peak') {
  const of = async (pid: number | null | undefined) => (await residentMemory(pid))?.[kind] ?? 0;
  return {
    client: await of(pids.client),
    server: await of(pids.server),
    engine: await of(pids.engine),
  };
}
