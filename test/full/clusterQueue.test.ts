import { randomBytes } from 'node:crypto';
import { STREAMS, subjects } from '@emoeditor/companion-server/cluster/names.ts';
import {
  type EditOrder,
  type Engine,
  ServerCloses,
} from '@emoeditor/companion-server/engine/engine.ts';
import { editRequestSchema, ProtocolError } from '@emoeditor/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Cluster, type ClusterOptions, startCluster } from '../fakes/cluster.ts';
import { createManualEngine, type ManualEngine } from '../fakes/manualEngine.ts';
import { HAS_NATS, WITHOUT_NATS } from '../fakes/natsServer.ts';

const request = editRequestSchema.parse({ target: { kind: 'emotion', emotion: 'sadness' } });
const proxy = { width: 64, height: 64, rgb: new Uint8Array(64 * 64 * 3).fill(99) };

let cluster: Cluster;
afterEach(() => cluster.close());

async function started(options?: ClusterOptions) {
  cluster = await startCluster(options);
  return cluster;
}

const keyOf = (letter: string) => letter.repeat(32);

/** An edit as the jobs of a gateway ask for it. */
function editOn(engine: Engine, letter = 'a') {
  const controller = new AbortController();
  const reports: number[] = [];
  const places: number[] = [];
  const order: EditOrder = {
    id: keyOf(letter),
    queued: (position) => places.push(position),
    started: vi.fn(),
  };
  const events = {
    progress: vi.fn(),
    iteration: (report: { index: number }) => void reports.push(report.index),
  };
  const ended = engine.edit(request, proxy, events, controller.signal, order);
  ended.catch(() => {});
  return { ended, controller, reports, places, events, order };
}

const begun = (engine: ManualEngine, count = 1) =>
  vi.waitFor(() => expect(engine.edits).toHaveLength(count), 20_000);
const queued = async () => (await cluster.admin.jsm.streams.info(STREAMS.jobs)).state.messages;
const recordOf = async (artist: string, letter: string) => {
  const last_by_subj = subjects.record(artist, keyOf(letter));
  const { direct } = cluster.admin.jsm;
  return (await direct.getMessage(STREAMS.records, { last_by_subj }))?.json() ?? null;
};

describe.skipIf(!HAS_NATS)(`edits over NATS${WITHOUT_NATS}`, () => {
  it('an edit that is asked for twice runs once, and both askers have its result', async () => {
    const { worker, gateway } = await started();
    const engine = createManualEngine();
    await worker(engine);
    const first = editOn(await gateway());
    await begun(engine);
    engine.edits[0]!.progress(0.3);
    engine.edits[0]!.iteration(0);
    await vi.waitFor(() => expect(first.reports).toEqual([0]));
    expect(first.order.started).toHaveBeenCalled();
    // As a gateway that was killed and started again does.
    const second = editOn(await gateway());
    await vi.waitFor(async () => expect(await queued()).toBe(1));
    engine.edits[0]!.iteration(1);
    engine.edits[0]!.succeed(1);
    expect(await first.ended).toMatchObject({ chosen: 1 });
    expect(await second.ended).toEqual(await first.ended);
    expect(first.reports).toEqual([0, 1]);
    expect(second.reports).toEqual([0, 1]);
    const late = editOn(await gateway());
    expect(await late.ended).toEqual(await first.ended);
    expect(late.reports).toEqual([0, 1]);
    expect(engine.edits).toHaveLength(1);
    expect(await queued()).toBe(0);
  });

  it('two artists may use the same key', async () => {
    const { worker, gateway } = await started();
    const engine = createManualEngine();
    await worker(engine);
    const both = [editOn(await gateway('ana')), editOn(await gateway('ben'))];
    await begun(engine, 1);
    engine.edits[0]!.succeed(0);
    await begun(engine, 2);
    engine.edits[1]!.succeed(1);
    const chosen = (await Promise.all(both.map(({ ended }) => ended))).map((one) => one.chosen);
    expect(chosen.sort()).toEqual([0, 1]);
  });

  it('one that is cancelled stops its worker, or never starts', async () => {
    const { worker, gateway } = await started();
    const engine = createManualEngine();
    await worker(engine);
    const remote = await gateway();
    const running = editOn(remote, 'a');
    await begun(engine);
    const waiting = editOn(remote, 'b');
    await vi.waitFor(async () => expect(await queued()).toBe(2));
    const reason = new Error('enough');
    waiting.controller.abort(reason);
    await expect(waiting.ended).rejects.toBe(reason);
    await vi.waitFor(async () => expect(await recordOf('ana', 'b')).not.toBeNull());
    running.controller.abort(reason);
    await expect(running.ended).rejects.toBe(reason);
    await vi.waitFor(() => expect(engine.edits[0]!.signal.aborted).toBe(true));
    expect(await recordOf('ana', 'a')).toMatchObject({ state: 'cancelled' });
    await vi.waitFor(async () => expect(await queued()).toBe(0), 10_000);
    expect(engine.edits).toHaveLength(1);
  });

  it('one goes on when its gateway closes, and is joined by the next', async () => {
    const { worker, gateway } = await started();
    const engine = createManualEngine();
    await worker(engine);
    const remote = await gateway();
    const left = editOn(remote);
    await begun(engine);
    left.controller.abort(new ServerCloses());
    await expect(left.ended).rejects.toThrow();
    await remote.close();
    const joined = editOn(await gateway());
    engine.edits[0]!.iteration(0);
    engine.edits[0]!.succeed(0);
    await joined.ended;
    expect(joined.reports).toEqual([0]);
    expect(engine.edits).toHaveLength(1);
  });

  it('one whose worker is lost goes to another, and tells no iteration twice', async () => {
    const { worker, gateway } = await started();
    const [lost, next] = [createManualEngine(), createManualEngine()];
    const cable = await worker(lost, 'w1');
    const edit = editOn(await gateway());
    await begun(lost);
    lost.edits[0]!.iteration(0);
    await vi.waitFor(() => expect(edit.reports).toEqual([0]));
    await cable.lose();
    await worker(next, 'w2');
    await begun(next);
    next.edits[0]!.iteration(0);
    next.edits[0]!.iteration(1);
    next.edits[0]!.succeed(1);
    expect(await edit.ended).toMatchObject({ chosen: 1 });
    expect(edit.reports).toEqual([0, 1]);
  });

  it('one whose worker stops goes to another at once, without counting as lost', async () => {
    const { worker, gateway } = await started();
    const engines = Array.from({ length: 5 }, createManualEngine);
    let last = await worker(engines[0]!, 'w0');
    const edit = editOn(await gateway());
    await begun(engines[0]!);
    for (const [index, engine] of engines.entries()) {
      if (index === 0) continue;
      await last.stop();
      last = await worker(engine, `w${index}`);
      await begun(engine);
    }
    engines.at(-1)!.edits[0]!.succeed(0);
    await edit.ended;
  });

  it('one that three engines died on is given up, with the reason', async () => {
    const { worker, gateway, admin } = await started();
    const engine = createManualEngine();
    await worker(engine);
    const edit = editOn(await gateway());
    const crash = () =>
      new ProtocolError({ code: 'ENGINE_CRASHED', message: 'Bang.', hint: '', retryable: true });
    for (let n = 1; n <= 3; n++) {
      await begun(engine, n);
      engine.edits[n - 1]!.fail(crash());
    }
    await expect(edit.ended).rejects.toMatchObject({ code: 'ENGINE_CRASHED', message: 'Bang.' });
    expect(await recordOf('ana', 'a')).toMatchObject({ state: 'dead' });
    const dead = await admin.jsm.streams.info(STREAMS.dead, { subjects_filter: '>' });
    expect(Object.keys(dead.state.subjects ?? {})).toEqual([subjects.dead('ana', keyOf('a'))]);
  });

  it('one that fails tells why, with the iterations that it has', async () => {
    const { worker, gateway } = await started();
    const engine = createManualEngine();
    await worker(engine);
    const edit = editOn(await gateway());
    await begun(engine);
    engine.edits[0]!.iteration(0);
    engine.edits[0]!.fail(
      new ProtocolError({
        code: 'BAD_IMAGE',
        message: 'Too dark.',
        hint: 'Light.',
        retryable: false,
      }),
    );
    await expect(edit.ended).rejects.toMatchObject({ code: 'BAD_IMAGE', hint: 'Light.' });
    expect(edit.reports).toEqual([0]);
  });

  it('artists take turns, and who waits hears how many are ahead', async () => {
    const { worker, gateway } = await started();
    const engine = createManualEngine();
    await worker(engine);
    const [ana, ben] = [await gateway('ana'), await gateway('ben')];
    const flood = ['a', 'b', 'c'].map((letter) => editOn(ana, letter));
    await begun(engine);
    const other = editOn(ben, 'd');
    await vi.waitFor(() => expect(other.places).toEqual([0]));
    await vi.waitFor(() =>
      expect(flood.slice(1).map(({ places }) => places.at(-1))).toEqual([1, 2]),
    );
    engine.edits[0]!.succeed(0);
    await begun(engine, 2);
    engine.edits[1]!.succeed(1);
    expect(await other.ended).toMatchObject({ chosen: 1 });
    for (const n of [3, 4]) {
      await begun(engine, n);
      engine.edits[n - 1]!.succeed(0);
    }
    await Promise.all(flood.map(({ ended }) => ended));
  });

  it('a full store is said in one sentence', async () => {
    const { worker, gateway } = await started({ bytes: 4096, isSealed: false });
    await worker(createManualEngine());
    const edit = (await gateway()).edit(
      request,
      { ...proxy, rgb: randomBytes(64 * 64 * 3) },
      { progress() {}, iteration() {} },
      new AbortController().signal,
    );
    await expect(edit).rejects.toThrow('The store of the NATS server is full.');
  });

  it('without a worker, a gateway says so', async () => {
    const { gateway } = await started();
    await expect((await gateway()).ready()).rejects.toThrow('No worker is connected to NATS');
  });

  it('an edit that is run again waits for a worker', async () => {
    const { gateway, worker } = await started();
    const edit = editOn(await gateway());
    const engine = createManualEngine();
    await worker(engine);
    await begun(engine);
    engine.edits[0]!.succeed(0);
    await edit.ended;
  });

  it('goes on when the NATS server is killed and started again', async () => {
    const { worker, gateway, nats } = await started();
    const engine = createManualEngine();
    await worker(engine);
    const remote = await gateway();
    const edit = editOn(remote);
    await begun(engine);
    await nats.stop('SIGKILL');
    await nats.start();
    await vi.waitFor(() => remote.ready(), 20_000);
    engine.edits[0]!.iteration(0);
    engine.edits[0]!.succeed(0);
    await edit.ended;
    expect(edit.reports).toEqual([0]);
    expect(engine.edits).toHaveLength(1);
  });
});
