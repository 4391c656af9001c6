import type { CompanionClient } from '@emoeditor/plugin/client/companionClient.ts';
import type { ClientMessage } from '@emoeditor/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ConnectedClient, connectedClient, proxy } from '../doubles/connectedClient.ts';
import { type ManualClock, settled } from '../doubles/manualClock.ts';
import {
  DISTRIBUTION,
  OTHER_ERROR,
  reportOf,
  type ScriptedServer,
} from '../doubles/scriptedServer.ts';

const edit = { target: { kind: 'emotion', emotion: 'awe' } } as const;

let connected: ConnectedClient;
let server: ScriptedServer;
let clock: ManualClock;
let client: CompanionClient;
let abort: AbortController;

beforeEach(async () => {
  connected = await connectedClient();
  ({ server, clock, client } = connected);
  abort = new AbortController();
});

const sent = (type: ClientMessage['type']) => connected.sent(type);

function observer() {
  const events: string[] = [];
  const previews: number[] = [];
  return {
    events,
    previews,
    onEvent: (event: { type: string }) => void events.push(event.type),
    onPreview: (index: number) => void previews.push(index),
  };
}

function queue(jobId = 'j1') {
  server.onMessage = (message) => {
    if (message.type === 'submit') {
      server.channel.send({ type: 'jobQueued', requestId: message.requestId, jobId, position: 0 });
    }
  };
}

const forget = (jobId: string) =>
  server.channel.send({ type: 'error', jobId, error: { ...OTHER_ERROR, code: 'UNKNOWN_JOB' } });

const succeeded = (jobId: string, count: number) =>
  server.channel.send({
    type: 'jobSucceeded',
    jobId,
    chosen: count - 1,
    iterations: Array.from({ length: count }, (_, index) => reportOf(index)),
    sourceDistribution: DISTRIBUTION,
    unetEvaluations: 4 * count,
    timings: {},
  });

describe('predict', () => {
  it('[JB9] sends the proxy and gives the distribution back', async () => {
    server.onMessage = (message, bytes) => {
      if (message.type !== 'predict') return;
      expect(bytes).toEqual(proxy.data);
      const { requestId } = message;
      server.channel.send({ type: 'predicted', requestId, distribution: DISTRIBUTION });
    };
    expect(await client.predict(proxy, abort.signal)).toEqual(DISTRIBUTION);
  });

  it('rejects with the server’s own error, on a drop, on silence and when aborted', async () => {
    server.onMessage = (message) => {
      if (message.type === 'predict') {
        server.channel.send({ type: 'error', requestId: message.requestId, error: OTHER_ERROR });
      }
    };
    await expect(client.predict(proxy, abort.signal)).rejects.toMatchObject(OTHER_ERROR);

    server.onMessage = () => {};
    const silent = client.predict(proxy, abort.signal);
    silent.catch(() => {});
    await clock.pass(60_000);
    await expect(silent).rejects.toMatchObject({ code: 'TIMEOUT' });

    const aborted = client.predict(proxy, abort.signal);
    abort.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'CANCELLED' });

    const dropped = client.predict(proxy, new AbortController().signal);
    dropped.catch(() => {});
    await settled();
    server.channel.close(1001);
    await expect(dropped).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  it('says at once that nobody is there', async () => {
    client.close();
    await expect(client.predict(proxy, abort.signal)).rejects.toMatchObject({
      code: 'NOT_CONNECTED',
    });
  });
});

describe('submit', () => {
  it('[JB1] [JB5] [JB6] follows a job from its queue to its end', async () => {
    queue();
    const watcher = observer();
    const ended = client.submit(edit, proxy, watcher, abort.signal);
    await settled();
    await server.sendPreview('j1', 0);
    await settled();
    succeeded('j1', 1);
    expect(await ended).toMatchObject({ jobId: 'j1', state: { status: 'succeeded', chosen: 0 } });
    expect(watcher.events).toEqual(['queued', 'iterated', 'succeeded']);
    expect(watcher.previews).toEqual([0]);
  });

  it('rejects with the error of a failed or a refused job', async () => {
    queue();
    const failed = client.submit(edit, proxy, observer(), abort.signal);
    failed.catch(() => {});
    await settled();
    server.channel.send({ type: 'jobFailed', jobId: 'j1', error: OTHER_ERROR });
    await expect(failed).rejects.toMatchObject(OTHER_ERROR);

    server.onMessage = (message) => {
      if (message.type === 'submit') {
        server.channel.send({ type: 'error', requestId: message.requestId, error: OTHER_ERROR });
      }
    };
    await expect(client.submit(edit, proxy, observer(), abort.signal)).rejects.toMatchObject(
      OTHER_ERROR,
    );
  });

  it('[CX2] [CX4] cancels on the server and keeps what was finished', async () => {
    queue();
    const ended = client.submit(edit, proxy, observer(), abort.signal);
    await settled();
    await server.sendPreview('j1', 0);
    await settled();
    abort.abort();
    await settled();
    expect(sent('cancel')).toEqual([{ type: 'cancel', jobId: 'j1' }]);
    server.channel.send({ type: 'jobCancelled', jobId: 'j1' });
    expect(await ended).toMatchObject({
      state: { status: 'cancelled', iterations: [{ index: 0 }] },
    });
  });

  it('[CX1] is simply cancelled when nothing was finished', async () => {
    queue();
    const ended = client.submit(edit, proxy, observer(), abort.signal);
    ended.catch(() => {});
    await settled();
    abort.abort();
    await settled();
    server.channel.send({ type: 'jobCancelled', jobId: 'j1' });
    await expect(ended).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('cancels a job that gets its name only after the cancel', async () => {
    const ended = client.submit(edit, proxy, observer(), abort.signal);
    ended.catch(() => {});
    await settled();
    abort.abort();
    await settled();
    expect(sent('cancel')).toEqual([]);
    server.channel.send({ type: 'jobQueued', requestId: 'r1', jobId: 'late', position: 3 });
    await settled();
    expect(sent('cancel')).toEqual([{ type: 'cancel', jobId: 'late' }]);
  });

  it('[CX3] waits for the job’s own end when a cancel came too late', async () => {
    queue();
    const ended = client.submit(edit, proxy, observer(), abort.signal);
    await settled();
    abort.abort();
    await settled();
    server.channel.send({
      type: 'error',
      jobId: 'j1',
      error: { ...OTHER_ERROR, code: 'JOB_ENDED' },
    });
    succeeded('j1', 1);
    expect(await ended).toMatchObject({ state: { status: 'succeeded' } });
  });

  it('ends on this side when a cancel is never answered', async () => {
    queue();
    const ended = client.submit(edit, proxy, observer(), abort.signal);
    ended.catch(() => {});
    await settled();
    abort.abort();
    await clock.pass(5_000);
    await expect(ended).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('[RS1] [RS2] [RS3] resumes after a drop and asks only for what it has not seen', async () => {
    queue();
    const watcher = observer();
    const ended = client.submit(edit, proxy, watcher, abort.signal);
    await settled();
    await server.sendPreview('j1', 0);
    await settled();
    server.channel.close(1001);
    await settled();
    expect(sent('resume')).toEqual([{ type: 'resume', jobId: 'j1', iterationsSeen: 1 }]);
    expect(sent('submit')).toHaveLength(1);
    server.channel.send({ type: 'jobResumed', jobId: 'j1', status: 'running' });
    await server.sendPreview('j1', 1);
    await settled();
    succeeded('j1', 2);
    expect(await ended).toMatchObject({ state: { status: 'succeeded', chosen: 1 } });
    expect(watcher.previews).toEqual([0, 1]);
  });

  it('submits again when the drop came before the server had accepted the job', async () => {
    const ended = client.submit(edit, proxy, observer(), abort.signal);
    await settled();
    queue('j2');
    server.channel.close(1001);
    await settled();
    expect(sent('submit')).toHaveLength(2);
    succeeded('j2', 1);
    expect(await ended).toMatchObject({ jobId: 'j2' });
  });

  it('[RS5] submits under the same name when the server it comes back to does not know the job', async () => {
    queue();
    const ended = client.submit(edit, proxy, observer(), abort.signal);
    await settled();
    server.onMessage = (message) => {
      if (message.type === 'resume') forget(message.jobId);
      if (message.type === 'submit') succeeded('j1', 1);
    };
    server.channel.close(1001);
    expect(await ended).toMatchObject({ jobId: 'j1', state: { status: 'succeeded' } });
    const [first, second] = sent('submit') as Array<Extract<ClientMessage, { type: 'submit' }>>;
    expect(first?.jobKey).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.jobKey).toBe(first?.jobKey);
  });

  it('fails when a server forgets the job again and again', async () => {
    queue();
    const ended = client.submit(edit, proxy, observer(), abort.signal);
    ended.catch(() => {});
    await settled();
    server.onMessage = (message) => {
      if (message.type === 'resume') forget(message.jobId);
      if (message.type === 'submit') forget('j1');
    };
    server.channel.close(1001);
    await expect(ended).rejects.toMatchObject({
      code: 'UNKNOWN_JOB',
      message: expect.stringContaining('no longer has this edit'),
      retryable: true,
    });
    expect(sent('submit')).toHaveLength(3);
  });

  it('[RS4] says to a server that is back that an edit that has ended is still wanted', async () => {
    queue();
    const ended = client.submit(edit, proxy, observer(), abort.signal);
    await settled();
    succeeded('j1', 1);
    await ended;
    server.channel.close(1001);
    await settled();
    expect(sent('resume')).toEqual([{ type: 'resume', jobId: 'j1', iterationsSeen: 1 }]);
    client.release('j1');
    server.channel.close(1001);
    await settled();
    expect(sent('resume')).toHaveLength(1);
    // What was said into the connection that died is said again.
    expect(sent('release')).toEqual([{ type: 'release', jobId: 'j1' }]);
  });

  it('gives up when the server stays away, and at once when cancelled meanwhile', async () => {
    queue();
    const first = client.submit(edit, proxy, observer(), new AbortController().signal);
    first.catch(() => {});
    const second = client.submit(edit, proxy, observer(), abort.signal);
    second.catch(() => {});
    await settled();
    server.ports = [];
    server.channel.close(1006);
    await settled();
    abort.abort();
    await expect(second).rejects.toMatchObject({ code: 'CANCELLED' });
    await clock.pass(45_000);
    await expect(first).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });
});
