import { type ChildProcess, fork } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { EndedJob } from '@emoeditor/plugin/client/companion.ts';
import type { CompanionClient } from '@emoeditor/plugin/client/companionClient.ts';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { patternBytes, rgbFormat } from '../integration/companion.ts';
import { closePanels, panelOf } from '../integration/panelClient.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

/** `npm run test:chaos` sets more. */
const { EMOEDITOR_CHAOS_KILLS = '6' } = process.env as { readonly EMOEDITOR_CHAOS_KILLS?: string };
const KILLS = Number(EMOEDITOR_CHAOS_KILLS);

const folder = temporaryFolder('each');
const children: ChildProcess[] = [];
afterEach(() => {
  closePanels();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const proxy = { format: rgbFormat(64, 64), data: patternBytes(64, 64) };
const edit = {
  target: { kind: 'emotion', emotion: 'awe' },
  mode: 'paper',
  steps: 4,
  maxIterations: 4,
} as const;
const never = new AbortController().signal;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A server as a process of its own, always on the same port and in the same folders. */
async function mortalServer() {
  const port = await freePort();
  const settings = {
    port,
    bundle: 'slow',
    pairingsFile: folder('pairings.json'),
    cacheFolder: folder('cache'),
    journalFolder: folder('journal'),
    studioFolder: folder('studio'),
    modelsModule: new URL('../fakes/scriptedEngineModels.ts', import.meta.url).href,
  };
  const module = fileURLToPath(new URL('serverChild.ts', import.meta.url));
  const hear = <T>(child: ChildProcess) =>
    new Promise<T>((resolve, reject) => {
      child.once('message', (message) => resolve(message as T));
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
    });
  const start = async () => {
    const child = fork(module, [JSON.stringify(settings)], { execArgv: ['--import', 'tsx'] });
    children.push(child);
    return { child, ...(await hear<{ pairingCode: string }>(child)) };
  };
  let running = await start();
  const enginePid = async () => {
    running.child.send('enginePid');
    return (await hear<{ enginePid?: number }>(running.child)).enginePid;
  };
  return {
    port,
    pairingCode: running.pairingCode,
    journal: join(settings.journalFolder, String(port)),
    enginePid,
    async killEngine() {
      const pid = await enginePid();
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    },
    async killServer(signal: NodeJS.Signals = 'SIGKILL') {
      const { child } = running;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill(signal);
      await gone;
    },
    async start() {
      running = await start();
    },
  };
}

/** One edit and its layer: what must be the same whatever happens meanwhile. */
async function editAndComposite(panel: CompanionClient, onSubmitted = () => {}) {
  const previews = new Map<number, Uint8Array>();
  const ends: string[] = [];
  const submitted = panel.submit(
    edit,
    proxy,
    {
      onEvent: ({ type }) => void (/succeeded|failed|cancelled/.test(type) && ends.push(type)),
      onPreview: (index, { bytes }) => void previews.set(index, bytes),
    },
    never,
  );
  onSubmitted();
  const ended = await submitted;
  const layer = await compositeOf(panel, ended);
  return { ended, ends, previews: [...previews.values()], layer };
}

async function compositeOf(panel: CompanionClient, { jobId, state }: EndedJob) {
  if (state.status !== 'succeeded') throw new Error(`The edit is ${state.status}.`);
  const extent = { width: 256, height: 256 * 6 };
  const composite = await panel.openComposite(
    { jobId, iteration: state.chosen, intensity: 1, extent },
    never,
  );
  const tiles: Uint8Array[] = [];
  for (let top = 0; top < extent.height; top += 256) {
    const bounds = { left: 0, top, width: 256, height: 256 };
    const pixels = { format: rgbFormat(256, 256), data: patternBytes(256, 256) };
    tiles.push((await composite.apply({ bounds, pixels })).pixels.data as Uint8Array);
  }
  composite.close();
  return Buffer.concat(tiles);
}

/** The same choices in every run, so that a failure can be seen again. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

type Mortal = Awaited<ReturnType<typeof mortalServer>>;

async function kill(what: number, server: Mortal, sockets: readonly WebSocket[]): Promise<void> {
  if (what === 0) {
    await server.killServer();
    await server.start();
  } else if (what === 1) await server.killEngine();
  else sockets.at(-1)?.terminate();
}

describe('edits outlive whatever is killed', () => {
  it(
    `[RS5] [RS6] ${KILLS} times server, engine or connection: every result arrives, once, to the bit`,
    async () => {
      const server = await mortalServer();
      const { panel, sockets, become } = panelOf(server);
      await become('pairing');
      await panel.pair(server.pairingCode);
      await become('ready');
      const started = performance.now();
      const undisturbed = await editAndComposite(panel);
      const length = performance.now() - started;
      panel.release(undisturbed.ended.jobId);
      const roll = dice(EMOEDITOR_CHAOS_KILLS.length);
      let done = 0;
      while (done < KILLS) {
        const what = roll(3);
        const after = (roll(1000) / 1000) * length;
        let disturbed: Promise<void> = Promise.resolve();
        const result = await editAndComposite(panel, () => {
          disturbed = sleep(after).then(() => kill(what, server, sockets));
        });
        await disturbed;
        await become('ready');
        const told = `${['server', 'engine', 'connection'][what]} after ${Math.round(after)} ms`;
        expect(result.ends, told).toEqual(['succeeded']);
        expect(result.previews, told).toEqual(undisturbed.previews);
        expect(result.layer.equals(undisturbed.layer), told).toBe(true);
        panel.release(result.ended.jobId);
        done += 1;
      }
      await expect.poll(() => readdir(server.journal)).toEqual([]);
    },
    120_000 + KILLS * 20_000,
  );

  it('a film strip can still be applied after the server was killed', async () => {
    const server = await mortalServer();
    const { panel, become } = panelOf(server);
    await become('pairing');
    await panel.pair(server.pairingCode);
    await become('ready');
    const { ended, layer } = await editAndComposite(panel);
    await server.killServer();
    await server.start();
    await become('ready');
    expect((await compositeOf(panel, ended)).equals(layer)).toBe(true);
  });

  it('SIGTERM in the middle of an edit ends the server within five seconds; the next one goes on', async () => {
    const server = await mortalServer();
    const { panel, become } = panelOf(server);
    await become('pairing');
    await panel.pair(server.pairingCode);
    await become('ready');
    const undisturbed = await editAndComposite(panel);
    const pid = (await server.enginePid()) as number;
    let stopped = Number.POSITIVE_INFINITY;
    const result = await editAndComposite(panel, () => {
      void (async () => {
        await sleep(300);
        const before = performance.now();
        await server.killServer('SIGTERM');
        stopped = performance.now() - before;
        await server.start();
      })();
    });
    expect(stopped).toBeLessThan(5000);
    expect(() => process.kill(pid, 0)).toThrow();
    expect(result.layer.equals(undisturbed.layer)).toBe(true);
  });
});
