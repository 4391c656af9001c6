/**
 * The main job as the panel does it: proxy, edit, full-resolution tiles, over the real socket to a real server with
 * its engine process. Prints wall time by stage, UNet evaluations and the peak memory of every process.
 *
 *   npm run bench:main                                a 12-megapixel photograph, "awe"
 *   npx tsx bench/mainJob/main.mts photo.jpg fear [bundle]
 */
import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { CompanionClient } from '@emoeditor/plugin/client/companionClient.ts';
import type { WebSocketLike } from '@emoeditor/plugin/client/webSocketTransport.ts';
import { webSocketOpener } from '@emoeditor/plugin/client/webSocketTransport.ts';
import { systemClock } from '@emoeditor/plugin/clock.ts';
import { emotionSchema, type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';
import { WebSocket } from 'ws';

const SAMPLE = fileURLToPath(new URL('../../studio/public/samples/stream.jpg', import.meta.url));
/** Pixels of the photograph that is measured, whatever the file has. */
const PIXELS = 12_000_000;
const TILE = 1024;
const WORKING = { area: 256 * 256, multiple: 32 };

interface Started {
  readonly port: number;
  readonly token: string;
  readonly enginePid: number | null;
}

const [path = SAMPLE, emotion = 'awe', bundle] = process.argv.slice(2);
const server = fork(
  fileURLToPath(new URL('./server.mts', import.meta.url)),
  bundle === undefined ? [] : [bundle],
  { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
);
const times: [string, number][] = [];
let last = performance.now();
const lap = (name: string) => {
  const now = performance.now();
  times.push([name, now - last]);
  last = now;
};

const started = await new Promise<Started>((resolve) => server.once('message', resolve as never));
const client = new CompanionClient({
  open: webSocketOpener(
    () => new WebSocket(`ws://127.0.0.1:${started.port}/v1`) as unknown as WebSocketLike,
    systemClock,
  ),
  tokens: { read: async () => started.token, write: async () => {}, clear: async () => {} },
  settings: { read: () => null, write: () => {} },
  clock: systemClock,
  client: { name: 'bench', version: '1' },
});
await new Promise<void>((resolve) => {
  const stop = client.watch(() => {
    if (client.connection.kind === 'ready') {
      stop();
      resolve();
    }
  });
});
lap('start server, load and check models, connect');

const photo = await photograph(path);
const { width, height } = photo.format;
lap('open photograph');
const proxy = await makeProxy(photo, WORKING.area, WORKING.multiple);
const format = {
  width: proxy.width,
  height: proxy.height,
  channels: 3,
  sample: 'uint8',
  range: 255,
  profile: SRGB_PROFILE,
} as const;
lap('proxy');
const never = new AbortController().signal;
const ended = await client.submit(
  { target: { kind: 'emotion', emotion: emotionSchema.parse(emotion) } },
  { format, data: proxy.rgb },
  { onEvent() {}, onPreview() {} },
  never,
);
lap('edit (all iterations)');
if (ended.state.status !== 'succeeded') throw new Error('The edit was cancelled.');
const { chosen, unetEvaluations, timings, iterations } = ended.state;
const composite = await client.openComposite(
  { jobId: ended.jobId, iteration: chosen, intensity: 1, extent: { width, height } },
  never,
);
const open: Promise<unknown>[] = [];
for (let top = 0; top < height; top += TILE) {
  for (let left = 0; left < width; left += TILE) {
    if (open.length >= composite.maxInFlight) await open.shift();
    open.push(composite.apply(tileOf(photo, left, top)));
  }
}
await Promise.all(open);
lap('composite at full resolution');

const peaks = await Promise.all(
  [process.pid, server.pid, started.enginePid].map((pid) => peakMegabytes(pid ?? null)),
);
console.log(
  `\n${(width * height) / 1e6} megapixels, ${emotion}, on ${cpus().length} × ${cpus()[0]?.model}`,
);
for (const [name, ms] of times) console.log(`${seconds(ms)}  ${name}`);
console.log(
  `\nwithin the edit: ${iterations.length} iterations, ${unetEvaluations} UNet evaluations`,
);
for (const [name, ms] of Object.entries(timings)) console.log(`${seconds(ms)}  ${name}`);
const models = timings['models'] ?? 0;
const whole = times
  .filter(([name]) => /proxy|edit|composite/.test(name))
  .reduce((sum, [, ms]) => sum + ms, 0);
console.log(
  `\noutside the models: ${Math.round((1 - models / whole) * 100)} % of proxy, edit and composite`,
);
console.log(`peak memory: client ${peaks[0]}, server ${peaks[1]}, engine ${peaks[2]} MB`);
composite.close();
client.close();
server.disconnect();

/** The photograph enlarged or reduced to the measured size, 8-bit RGB. */
async function photograph(file: string): Promise<PixelBuffer> {
  const { default: sharp } = await import('sharp');
  const { width: w = 1, height: h = 1 } = await sharp(file).metadata();
  const scale = Math.sqrt(PIXELS / (w * h));
  const resized = await sharp(file)
    .resize(Math.round(w * scale))
    .png({ compressionLevel: 0 })
    .toBuffer();
  const { documentFrom } = await import('@emoeditor/companion-server/imaging/openDocument.ts');
  return (await documentFrom(resized, 'photograph.png')).pixels;
}

function tileOf({ format: whole, data }: PixelBuffer, left: number, top: number) {
  const bounds = {
    left,
    top,
    width: Math.min(TILE, whole.width - left),
    height: Math.min(TILE, whole.height - top),
  };
  const row = bounds.width * whole.channels;
  const out = new Uint8Array(row * bounds.height);
  for (let y = 0; y < bounds.height; y++) {
    const from = ((top + y) * whole.width + left) * whole.channels;
    out.set((data as Uint8Array).subarray(from, from + row), y * row);
  }
  return {
    bounds,
    pixels: { format: { ...whole, width: bounds.width, height: bounds.height }, data: out },
  };
}

/** High-water mark of the resident memory; only Linux tells it. */
async function peakMegabytes(pid: number | null): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /VmHWM:\s+(\d+)/.exec(status)?.[1];
  return kilobytes === undefined ? 'unknown' : String(Math.round(Number(kilobytes) / 1024));
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2).padStart(7)} s`;
}
