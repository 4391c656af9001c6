import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openLink } from '@emoeditor/companion-server/cluster/link.ts';
import { STREAMS } from '@emoeditor/companion-server/cluster/names.ts';
import { prepareStreams } from '@emoeditor/companion-server/cluster/streams.ts';
import { afterEach, expect, it, vi } from 'vitest';
import { HAS_NATS, startNats, WITHOUT_NATS } from '../fakes/natsServer.ts';
import {
  type ChildEdit,
  type ChildNews,
  type ClusterChildSettings,
  picturesOf,
} from './clusterChild.ts';

/** Set by vitest.config.ts. */
declare const BUNDLE_FOLDER: string;

/** `npm run test:chaos` has more. */
const EDITS = Number(process.env['EMOEDITOR_CHAOS_CLUSTER_EDITS'] ?? 12);
const SEED = Number(process.env['EMOEDITOR_CHAOS_SEED'] ?? 1);
/** Share of engine starts in whose course something is killed. */
const KILLED = 0.5;
/** An edit takes about as long. */
const EDIT_MS = 400;
/** For one edit on a busy machine, with all that is killed and started again in its course. */
const PATIENCE_MS = 30_000;
const ARTISTS = ['ana', 'ben', 'cyd'];
const WORKERS = ['w1', 'w2', 'w3'];

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Mulberry32: the same kills for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A child that is started again whenever it is killed. */
function keptAlive(settings: ClusterChildSettings, hear: (news: ChildNews) => void) {
  let child: ChildProcess;
  let isOver = false;
  let isReady = false;
  const start = () => {
    isReady = false;
    const module = fileURLToPath(`${BUNDLE_FOLDER}clusterChild.js`);
    const started = fork(module, [JSON.stringify(settings)], { execArgv: [] });
    child = started;
    started.on('message', (news: ChildNews) => {
      isReady = true;
      hear(news);
    });
    started.once('exit', () => {
      if (!isOver) setTimeout(start, 300);
    });
  };
  start();
  ends.push(() => {
    isOver = true;
    child.kill('SIGKILL');
  });
  return {
    send: (edit: ChildEdit) => void (child.connected && child.send(edit, () => {})),
    /** @returns whether there was anything to kill yet */
    kill: () => isReady && child.kill('SIGKILL'),
  };
}

it.skipIf(!HAS_NATS)(
  `edits end exactly once and with the right pictures, whatever is killed meanwhile${WITHOUT_NATS}`,
  async () => {
    const nats = await startNats();
    ends.push(() => nats.close());
    const admin = await openLink({ url: nats.url, name: 'admin' });
    ends.push(() => admin.close());
    await prepareStreams(admin, ARTISTS);
    const edits = Array.from({ length: EDITS }, (_, seed) => ({
      seed,
      artist: ARTISTS[seed % ARTISTS.length]!,
      key: createHash('md5').update(`${SEED} ${seed}`).digest('hex'),
    }));
    const ended = new Map<string, Extract<ChildNews, { type: 'ended' }>[]>();
    const starts = new Map<number, number>();
    const random = randomFrom(SEED);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    const kills = { worker: 0, gateway: 0, nats: 0 };
    let restart: Promise<unknown> = Promise.resolve();
    const restartNats = async () => {
      await nats.stop('SIGKILL');
      await pause(500);
      await nats.start();
    };
    const killSomething = () => {
      const what = random();
      if (what < 0.55) kills.worker += Number(pick(workers).kill());
      else if (what < 0.8) kills.gateway += Number(pick(gateways).kill());
      else {
        kills.nats += 1;
        restart = restart.then(restartNats);
      }
    };
    const workers = WORKERS.map((name) =>
      keptAlive({ role: 'worker', url: nats.url, name }, (news) => {
        if (news.type !== 'started') return;
        starts.set(news.seed, (starts.get(news.seed) ?? 0) + 1);
        if (random() < KILLED) setTimeout(killSomething, EDIT_MS * random());
      }),
    );
    const gateways = ARTISTS.map((name) => {
      const gateway = keptAlive({ role: 'gateway', url: nats.url, name }, (news) => {
        // As the panel does: what has not ended is asked for again, under its own name.
        const left = edits.filter(({ artist, key }) => artist === name && !ended.has(key));
        if (news.type === 'ready') for (const { key, seed } of left) gateway.send({ key, seed });
        if (news.type === 'ended') ended.set(news.key, [...(ended.get(news.key) ?? []), news]);
      });
      return gateway;
    });
    const until = performance.now() + EDITS * PATIENCE_MS;
    while (ended.size < EDITS && performance.now() < until) await pause(100);
    await restart;
    expect(edits.filter(({ key }) => !ended.has(key))).toEqual([]);
    // Leases of killed workers run out, and a second result would show.
    const queued = async () => (await admin.jsm.streams.info(STREAMS.jobs)).state.messages;
    await vi.waitFor(async () => expect(await queued()).toBe(0), 60_000);
    const records = await admin.jsm.streams.info(STREAMS.records, { subjects_filter: 'res.>' });
    expect(Object.values(records.state.subjects ?? {})).toEqual(edits.map(() => 1));
    for (const { key, seed } of edits) {
      const [first, ...more] = ended.get(key)!;
      expect(more).toEqual([]);
      // Given up only where three workers were truly killed under it.
      if (first!.error !== null)
        expect([first!.error, (starts.get(seed) ?? 0) >= 3]).toEqual([
          expect.stringContaining('given up'),
          true,
        ]);
      else expect(first!.pictures).toBe(picturesOf(seed));
    }
    const count = [...starts.values()].reduce((sum, n) => sum + n, 0);
    const done = [...ended.values()].filter(([one]) => one?.error === null).length;
    process.stderr.write(`${JSON.stringify({ edits: EDITS, done, kills, starts: count })}\n`);
  },
  EDITS * PATIENCE_MS + 120_000,
);
