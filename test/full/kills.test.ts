import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EndedJob } from '@emoeditor/plugin/client/companion.ts';
import type { CompanionClient } from '@emoeditor/plugin/client/companionClient.ts';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { patternBytes, rgbFormat } from '../integration/companion.ts';
import { closePanels, panelOf } from '../integration/panelClient.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { endServers, type MortalServer, mortalServer } from './mortalServer.ts';

/** `npm run test:chaos` sets more kills; a bundle is edited with instead of the scripted models where one is named. */
const { EMOEDITOR_CHAOS_KILLS = '6', EMOEDITOR_CHAOS_BUNDLE } = process.env as {
  readonly EMOEDITOR_CHAOS_KILLS?: string;
  readonly EMOEDITOR_CHAOS_BUNDLE?: string;
};
const KILLS = Number(EMOEDITOR_CHAOS_KILLS);
/** A bundle takes longer than scripted models to load and to edit, again after each kill. */
const PATIENCE = { timeout: 180_000 };

const folder = temporaryFolder('each');
afterEach(() => {
  closePanels();
  endServers();
});

const MODELS =
  EMOEDITOR_CHAOS_BUNDLE === undefined ? undefined : { bundle: EMOEDITOR_CHAOS_BUNDLE };
const SIDE = EMOEDITOR_CHAOS_BUNDLE === undefined ? 64 : 224;
const proxy = { format: rgbFormat(SIDE, SIDE), data: patternBytes(SIDE, SIDE) };
const edit = {
  target: { kind: 'emotion', emotion: 'awe' },
  mode: 'paper',
  ...(EMOEDITOR_CHAOS_BUNDLE === undefined
    ? { steps: 4, maxIterations: 4 }
    : { steps: 2, maxIterations: 2 }),
} as const;
const never = new AbortController().signal;

/** One edit and its layer: what must be the same whatever happens meanwhile. */
async function editAndComposite(panel: CompanionClient, onSubmitted = () => {}) {
  /** Iterations and the end as they were told. */
  const told: (number | string)[] = [];
  const previews: [index: number, bytes: Uint8Array][] = [];
  const submitted = panel.submit(
    edit,
    proxy,
    {
      onEvent(event) {
        if (event.type === 'iterated') told.push(event.report.index);
        else if (/succeeded|failed|cancelled/.test(event.type)) told.push(event.type);
      },
      onPreview: (index, { bytes }) => void previews.push([index, bytes]),
    },
    never,
  );
  onSubmitted();
  const ended = await submitted;
  const layer = await compositeOf(panel, ended);
  return { ended, told, previews, layer };
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
    const answer = await composite.apply({ bounds, pixels });
    expect(answer.bounds).toEqual(bounds);
    tiles.push(answer.pixels.data as Uint8Array);
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

async function kill(
  what: 0 | 1 | 2,
  server: MortalServer,
  sockets: readonly WebSocket[],
): Promise<void> {
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
      const server = await mortalServer(folder, MODELS);
      const { panel, sockets, become } = panelOf(server);
      await become('pairing');
      await panel.pair(server.pairingCode);
      await become('ready');
      const started = performance.now();
      const undisturbed = await editAndComposite(panel);
      const length = performance.now() - started;
      panel.release(undisturbed.ended.jobId);
      const roll = dice(EMOEDITOR_CHAOS_KILLS.length);
      const killed: [number, number, number] = [0, 0, 0];
      let done = 0;
      while (done < KILLS) {
        const what = roll(3) as 0 | 1 | 2;
        const after = (roll(1000) / 1000) * length;
        let disturbed: Promise<void> = Promise.resolve();
        const result = await editAndComposite(panel, () => {
          disturbed = sleep(after).then(() => kill(what, server, sockets));
        });
        await disturbed;
        await become('ready');
        const how = `${['server', 'engine', 'connection'][what]} after ${Math.round(after)} ms`;
        expect(result.told, how).toEqual(undisturbed.told);
        expect(result.previews, how).toEqual(undisturbed.previews);
        expect(result.layer.equals(undisturbed.layer), how).toBe(true);
        panel.release(result.ended.jobId);
        done += 1;
        killed[what] += 1;
        // A run of hundreds takes its time, and counts even where it is stopped.
        if (done % 10 === 0 || done === KILLS) {
          const [servers, engines, connections] = killed;
          process.stdout.write(
            `Killed so far: ${servers} servers, ${engines} engines, ${connections} connections\n`,
          );
        }
      }
      await expect.poll(() => server.orphans()).toEqual([]);
      await expect.poll(() => readdir(server.journal)).toEqual([]);
    },
    120_000 + KILLS * 20_000,
  );

  it('a film strip can still be applied after the server was killed', PATIENCE, async () => {
    const server = await mortalServer(folder, MODELS);
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

  it(
    'SIGTERM in the middle of an edit ends the server within five seconds; the next one goes on',
    PATIENCE,
    async () => {
      const server = await mortalServer(folder, MODELS);
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
    },
  );
});
