/**
 * Pixels to the server and back, as the panel sends tiles, beside a bare echo of as many bytes with `ws`: in turns in
 * one run, each server in a process of its own, the compositor left out. Ends with exit code 1 when the protocol has less
 * than half of the echo's rate.
 *
 *   npm run bench:transfer -- [megapixels …, 24 100]
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CompanionClient } from '@emoeditor/plugin/client/companionClient.ts';
import { TILE_SIDE, tilesOf } from '@emoeditor/plugin/session/tiling.ts';
import { type Extent, SRGB_PROFILE } from '@emoeditor/shared';
import { WebSocket } from 'ws';
import { clientOf } from '../harness/companion.mts';

/** What the project promises. */
const LEAST = 0.5;
const TURNS = 5;
/** 8-bit RGB. */
const BYTES_PER_PIXEL = 3;
/** Of the echo: our frames' size, and as many on their way as two tiles have. */
const MESSAGE = Buffer.alloc(512 * 1024, 7);
const IN_FLIGHT = 12;

const sizes = process.argv.slice(2).map(Number);
const never = new AbortController().signal;
const echo = await started('echo');
const wire = await started('wire');
const socket = new WebSocket(`ws://127.0.0.1:${echo.port}`, { perMessageDeflate: false });
await new Promise((resolve) => socket.once('open', resolve));
const client = await clientOf(wire.port, wire.code);
const texture = Uint8Array.from({ length: TILE_SIDE ** 2 * 3 }, (_, i) => (i * 37) % 256);

console.log('| megapixels | echo, MB/s each way | protocol, MB/s each way | ratio |');
console.log('|---|---|---|---|');
for (const size of sizes.length > 0 ? sizes : [24, 100]) {
  const megabytes = size * BYTES_PER_PIXEL;
  const rates: { readonly echo: number; readonly wire: number }[] = [];
  // The first turn makes room.
  for (let turn = 0; turn <= TURNS; turn++) {
    const [bare, ours] = [await echoed(megabytes), await transferred(client, extentOf(size))];
    if (turn > 0) rates.push({ echo: megabytes / bare, wire: megabytes / ours });
  }
  const ratio = median(rates.map((rate) => rate.wire / rate.echo));
  const [bare, ours] = [median(rates.map((one) => one.echo)), median(rates.map((one) => one.wire))];
  const percent = `${(100 * ratio).toFixed(0)} %`;
  console.log(`| ${size} | ${bare.toFixed(0)} | ${ours.toFixed(0)} | ${percent} |`);
  if (ratio < LEAST) process.exitCode = 1;
}
process.exit();

/** Seconds until as many bytes have come back. */
function echoed(megabytes: number): Promise<number> {
  const messages = Math.ceil((megabytes * 1e6) / MESSAGE.length);
  const start = performance.now();
  return new Promise((resolve) => {
    let [sent, back] = [0, 0];
    const more = () => {
      while (sent < messages && sent - back < IN_FLIGHT) {
        sent += 1;
        socket.send(MESSAGE);
      }
    };
    socket.removeAllListeners('message');
    socket.on('message', () => {
      back += 1;
      if (back === messages) resolve((performance.now() - start) / 1000);
      else more();
    });
    more();
  });
}

/** Seconds for all tiles of a picture, as many on their way as the panel has. */
async function transferred(panel: CompanionClient, extent: Extent): Promise<number> {
  const proxy = { format: formatOf(64, 64), data: texture.subarray(0, 64 * 64 * 3) };
  const { jobId } = await panel.submit(
    { target: { kind: 'emotion', emotion: 'awe' } },
    proxy,
    { onEvent() {}, onPreview() {} },
    never,
  );
  const composite = await panel.openComposite({ jobId, iteration: 0, intensity: 1, extent }, never);
  const start = performance.now();
  const open: Promise<unknown>[] = [];
  for (const bounds of tilesOf({ left: 0, top: 0, ...extent })) {
    const { width, height } = bounds;
    const data = texture.subarray(0, width * height * 3);
    open.push(composite.apply({ bounds, pixels: { format: formatOf(width, height), data } }));
    if (open.length >= composite.maxInFlight) await open.shift();
  }
  await Promise.all(open);
  const seconds = (performance.now() - start) / 1000;
  composite.close();
  panel.release(jobId);
  return seconds;
}

function formatOf(width: number, height: number) {
  const eightBit = { channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE } as const;
  return { width, height, ...eightBit };
}

function extentOf(size: number): Extent {
  const width = Math.round(Math.sqrt(size * 1e6 * 1.5));
  return { width, height: Math.round((size * 1e6) / width) };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function started(what: 'echo' | 'wire'): Promise<{ readonly port: number; readonly code: string }> {
  const file = fileURLToPath(new URL('./server.mts', import.meta.url));
  const child = fork(file, [what], { execArgv: ['--import', 'tsx'] });
  return new Promise((resolve) => child.once('message', resolve as never));
}
