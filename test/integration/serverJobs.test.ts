import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  cleanUp,
  connectTo,
  pairedWith,
  patternBytes,
  rgbFormat,
  sharedCompanion,
  startCompanion,
} from './companion.ts';

afterEach(cleanUp);

/** Many slow steps: over only when somebody ends it. */
const ENDLESS = { mode: 'paper', steps: 100, maxIterations: 30 } as const;

describe('jobs over a real socket and a real engine process', () => {
  it('runs the main job: a proxy in, previews and a result back, full-size tiles composited', async () => {
    const client = await pairedWith(await sharedCompanion());
    expect(client.of('welcome')[0]).toMatchObject({
      bundle: { id: 'scripted' },
      provider: { name: 'scripted', reason: 'a test asked for it' },
    });
    const jobId = await client.submit();
    const end = await client.hear('jobSucceeded');
    const iterations = client.of('jobIteration');
    expect(iterations.map(({ report }) => report)).toEqual(end.iterations);
    expect(iterations).toHaveLength(2);
    for (const iteration of iterations) {
      expect([...(client.pixels.get(iteration) ?? [])].slice(0, 3)).toEqual([0xff, 0xd8, 0xff]);
    }
    const fractions = client.of('jobProgress').map(({ progress }) => progress.fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    // Four megabytes there and four back: many frames and many credits each way.
    const [width, height] = [1024, 1024];
    const source = patternBytes(width, height);
    for (const intensity of [1, 0]) {
      client.say({
        type: 'openComposite',
        requestId: `c${intensity}`,
        jobId,
        iteration: end.chosen,
        intensity,
        extent: { width, height: 2 * height },
      });
    }
    const [edited, untouched] = [
      await client.hear('compositeOpened', 1),
      await client.hear('compositeOpened', 2),
    ];
    const send = (compositeId: string, top: number) =>
      client.channel.sendWithBytes(
        (stream) => ({
          type: 'tile',
          compositeId,
          bounds: { left: 0, top, width, height },
          pixels: rgbFormat(width, height),
          stream,
        }),
        source,
      );
    await send(edited.compositeId, 0);
    await send(edited.compositeId, height);
    await send(untouched.compositeId, 0);
    await client.hear('tileDone', 3);
    const done = client.of('tileDone');
    const ofEdited = done.filter(({ compositeId }) => compositeId === edited.compositeId);
    expect(ofEdited.map(({ bounds }) => bounds.top)).toEqual([0, height]);
    const same = (message: (typeof done)[number] | undefined) =>
      Buffer.compare(client.pixels.get(message!)!, source) === 0;
    expect(ofEdited.map(same)).toEqual([false, false]);
    expect(same(done.find(({ compositeId }) => compositeId === untouched.compositeId))).toBe(true);
    expect(client.of('error')).toEqual([]);
  });

  it('reads a picture without an edit (JB9)', async () => {
    const client = await pairedWith(await sharedCompanion());
    await client.channel.sendWithBytes(
      (stream) => ({ type: 'predict', requestId: 'p', proxy: rgbFormat(96, 64), stream }),
      patternBytes(96, 64),
    );
    expect((await client.hear('predicted')).distribution).toEqual(Array(8).fill(1 / 8));
  });

  it('CX2, CX4: cancels in the middle of a step; the engine and what is finished live on', async () => {
    const server = await sharedCompanion('slow');
    const client = await pairedWith(server);
    const { enginePid } = server;
    const jobId = await client.submit({ ...ENDLESS, steps: 5 });
    await client.hear('jobIteration');
    const count = client.of('jobProgress').length;
    await client.hear('jobProgress', count + 1);
    client.say({ type: 'cancel', jobId });
    await client.hear('jobCancelled');
    client.say({
      type: 'openComposite',
      requestId: 'c',
      jobId,
      iteration: 0,
      intensity: 1,
      extent: { width: 64, height: 64 },
    });
    await client.hear('compositeOpened');
    expect(server.enginePid).toBe(enginePid);
  });

  it('ER4: an engine killed in the middle costs a job time; killed again, the job', {
    // Three engines start, one after the other.
    timeout: 180_000,
  }, async () => {
    const server = await startCompanion('slow');
    const client = await pairedWith(server);
    const lives = new Set<number>();
    const doomed = await client.submit(ENDLESS);
    for (let life = 0; life < 2; life++) {
      const pid = await vi.waitFor(
        () => {
          const now = server.enginePid;
          if (now === undefined || lives.has(now)) throw new Error('No other engine yet.');
          return now;
        },
        { timeout: 30_000 },
      );
      lives.add(pid);
      // Progress of this life: what was told before does not count.
      await client.hear('jobProgress', client.of('jobProgress').length + 1);
      process.kill(pid, 'SIGKILL');
    }
    expect(await client.hear('jobFailed')).toMatchObject({
      jobId: doomed,
      error: { code: 'ENGINE_CRASHED', retryable: true },
    });
    await client.submit({}, 'again');
    await client.hear('jobSucceeded');
    expect(lives.has(server.enginePid as number)).toBe(false);
    const metrics = await (await fetch(`${server.url}metrics`)).text();
    expect(metrics).toContain('emoeditor_engine_crashes_total 2');
    expect(metrics).toContain('emoeditor_jobs_total{result="failed"} 1');
    expect(metrics).toContain('emoeditor_jobs_total{result="succeeded"} 1');
  });

  it('RS1, RS2: a job survives a dropped connection and is resumed from another', async () => {
    const server = await sharedCompanion('slow');
    const first = await pairedWith(server);
    const jobId = await first.submit({ mode: 'paper', steps: 4, maxIterations: 4 });
    await first.hear('jobIteration');
    first.socket.terminate();
    const second = await pairedWith(server);
    second.say({ type: 'resume', jobId, iterationsSeen: 1 });
    const end = await second.hear('jobSucceeded');
    expect(second.of('jobResumed')).toHaveLength(1);
    expect(second.of('jobIteration').map(({ report }) => report.index)).toEqual(
      end.iterations.slice(1).map(({ index }) => index),
    );
  });

  it('HS5: a server without its bundle says so to the panel and to whoever asks for its health', async () => {
    const server = await startCompanion('missing');
    const client = await connectTo(server);
    client.hello();
    expect((await client.hear('error')).error).toMatchObject({
      code: 'MODEL_MISSING',
      message: 'There is no bundle “missing”.',
    });
    await vi.waitFor(() => expect(client.closed).toEqual([4002]));
    const health = await fetch(`${server.url}health`);
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({
      status: 'unavailable',
      engine: { code: 'MODEL_MISSING' },
    });
  });

  it('says goodbye to its clients and leaves no process behind', async () => {
    const server = await startCompanion('slow');
    const client = await pairedWith(server);
    const { enginePid } = server;
    await client.submit(ENDLESS);
    await client.hear('jobProgress');
    await server.close();
    await vi.waitFor(() => expect(client.closed).toEqual([1001]));
    expect(() => process.kill(enginePid!, 0)).toThrow('ESRCH');
  });
});
