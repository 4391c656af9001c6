/**
 * The main job as the panel does it: proxy, edit, full-resolution tiles, over the real socket to a real server with
 * its engine process. Prints wall time by stage, UNet evaluations and the peak memory of every process.
 *
 *   npm run bench:main                                a 12-megapixel photograph, "awe"
 *   npx tsx bench/mainJob/main.mts photo.jpg fear [bundle]
 */
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { makeProxy } from '@emoeditor/companion-server/imaging/makeProxy.ts';
import { emotionSchema, type PixelBuffer, SRGB_PROFILE } from '@emoeditor/shared';
import { connectedCompanion } from '../harness/companion.mts';
import { residentMemory } from '../harness/memory.mts';

const SAMPLE = fileURLToPath(new URL('../../studio/public/samples/stream.jpg', import.meta.url));
/** Pixels of the photograph that is measured, whatever the file has. */
const PIXELS = 12_000_000;
const TILE = 1024;
const WORKING = { area: 256 * 256, multiple: 32 };

const [path = SAMPLE, emotion = 'awe', bundle] = process.argv.slice(2);
const times: [string, number][] = [];
let last = performance.now();
const lap = (name: string) => {
  const now = performance.now();
  times.push([name, now - last]);
  last = now;
};

const companion = await connectedCompanion(bundle);
const { client } = companion;
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
  [process.pid, companion.serverPid, companion.enginePid].map(residentMemory),
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
const { iterate = 0, unet = 0 } = timings;
console.log(`outside the UNet: ${Math.round((1 - unet / iterate) * 100)} % of the iterations`);
const [own, server, engine] = peaks.map((memory) => memory?.peak ?? 'unknown');
console.log(`peak memory: client ${own}, server ${server}, engine ${engine} MB`);
composite.close();
companion.close();

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

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2).padStart(7)} s`;
}
