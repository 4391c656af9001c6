import { ProtocolError } from '@emoeditor/shared';
import { describe, expect, it, vi } from 'vitest';
import { AWE, PROXY, settled, startCompanion } from './connecting.ts';

async function connected(...args: Parameters<typeof startCompanion>) {
  const companion = startCompanion(...args);
  const client = companion.connect();
  await client.hello();
  return { ...companion, client };
}

describe('jobs over a connection', () => {
  it('JB1, JB2: hands the whole request and the proxy to the engine', async () => {
    const { engine, client } = await connected();
    await client.submit('mine');
    expect(client.of('jobQueued')[0]).toMatchObject({ requestId: 'mine', position: 0 });
    await vi.waitFor(() => expect(engine.edits).toHaveLength(1));
    expect(engine.edits[0]!.request).toEqual({ ...AWE, mode: 'fast', seed: 42 });
    expect(engine.edits[0]!.proxy).toMatchObject({ width: 32, height: 32 });
    expect(engine.edits[0]!.proxy.rgb).toEqual(new Uint8Array(3072).fill(128));
  });

  it.each([
    ['16 bits', { sample: 'uint16', range: 32768 }],
    ['one channel', { channels: 1 }],
    ['another profile', { profile: 'Adobe RGB (1998)' }],
    ['too large', { width: 2049, height: 2048 }],
    ['too small', { width: 1, height: 1 }],
  ] as const)('JB1: refuses a proxy that is %s before its pixels are held', async (_why, more) => {
    const { client } = await connected();
    client.say({
      type: 'submit',
      requestId: 'r',
      edit: AWE,
      proxy: { ...PROXY, ...more },
      stream: 1,
    });
    expect(await client.hear('error')).toMatchObject({
      requestId: 'r',
      error: { code: 'BAD_IMAGE' },
    });
  });

  it('JB11: takes a fourth channel as the region in which the edit will show', async () => {
    const { engine, client } = await connected();
    const pixels = Uint8Array.from({ length: 32 * 32 * 4 }, (_, i) => (i % 4 === 3 ? 200 : i % 4));
    await client.channel.sendWithBytes(
      (stream) => ({
        type: 'submit',
        requestId: 'r',
        edit: AWE,
        proxy: { ...PROXY, channels: 4 },
        stream,
      }),
      pixels,
    );
    await vi.waitFor(() => expect(engine.edits).toHaveLength(1));
    const { proxy } = engine.edits[0]!;
    expect(proxy.region).toEqual(new Uint8Array(1024).fill(200));
    expect(proxy.rgb).toEqual(Uint8Array.from({ length: 3072 }, (_, i) => i % 3));
  });

  it('JB11: a reading has no region', async () => {
    const { client } = await connected();
    client.say({
      type: 'predict',
      requestId: 'p',
      proxy: { ...PROXY, channels: 4 },
      stream: 1,
    });
    expect(await client.hear('error')).toMatchObject({ error: { code: 'BAD_IMAGE' } });
  });

  it('JB5, JB6: tells progress, iterations with their previews, and one end', async () => {
    const { engine, client } = await connected();
    const jobId = await client.submit();
    await settled();
    const edit = engine.edits[0]!;
    edit.progress(0.2);
    edit.iteration(0);
    edit.iteration(1);
    edit.succeed(1);
    const end = await client.hear('jobSucceeded');
    expect(end).toMatchObject({ jobId, chosen: 1, unetEvaluations: 24 });
    expect(end.iterations.map(({ index }) => index)).toEqual([0, 1]);
    expect(client.heard.map(({ type }) => type)).toEqual([
      'challenge',
      'welcome',
      'jobQueued',
      'jobProgress',
      'jobIteration',
      'jobIteration',
      'jobSucceeded',
    ]);
    const [first, second] = client.of('jobIteration');
    expect(first!.preview).toMatchObject({
      mime: 'image/jpeg',
      extent: { width: 32, height: 32 },
    });
    expect(client.pixels.get(second!)).toEqual(Uint8Array.of(0xff, 0xd8, 40));
  });

  it('JB5: the end waits for previews that wait for credit', async () => {
    const companion = startCompanion();
    const client = companion.connect();
    await client.hello({ credit: 1 });
    // What the client's channel returns by itself is held back, as a slow client would.
    const { send } = client.near;
    const held: Array<string | Uint8Array> = [];
    client.near.send = (data) =>
      typeof data === 'string' && data.includes('"credit"') ? void held.push(data) : send(data);
    await client.submit();
    await settled();
    companion.engine.edits[0]!.iteration(0);
    companion.engine.edits[0]!.iteration(1);
    companion.engine.edits[0]!.succeed();
    await client.hear('jobIteration');
    await settled();
    expect(client.of('jobIteration')).toHaveLength(1);
    expect(client.of('jobSucceeded')).toHaveLength(0);
    send(held[0]!);
    await client.hear('jobSucceeded');
    expect(client.of('jobIteration')).toHaveLength(2);
  });

  it('JB9: answers predict with the reading, or with what went wrong', async () => {
    const { engine, client } = await connected();
    const ask = (requestId: string) =>
      client.channel.sendWithBytes(
        (stream) => ({ type: 'predict', requestId, proxy: PROXY, stream }),
        new Uint8Array(3072),
      );
    await ask('a');
    expect(await client.hear('predicted')).toEqual({
      type: 'predicted',
      requestId: 'a',
      distribution: Array(8).fill(1 / 8),
    });
    engine.predictError = new Error('surprise');
    await ask('b');
    expect(await client.hear('error')).toMatchObject({
      requestId: 'b',
      error: { code: 'INTERNAL' },
    });
  });

  it('JB12: answers readLayer with the reading of that iteration at that intensity', async () => {
    const { engine, client } = await connected();
    const jobId = await client.submit('a');
    await settled();
    engine.edits[0]!.iteration(0);
    await settled();
    client.channel.send({ type: 'readLayer', requestId: 'r', jobId, iteration: 0, intensity: 0.5 });
    expect(await client.hear('predicted')).toMatchObject({ requestId: 'r' });
    expect(engine.fitted).toHaveLength(1);
    client.channel.send({ type: 'readLayer', requestId: 's', jobId, iteration: 7, intensity: 0.5 });
    expect(await client.hear('error')).toMatchObject({
      requestId: 's',
      error: { code: 'UNKNOWN_ITERATION' },
    });
  });

  it('JB10: refuses a submit when too many wait', async () => {
    const { client } = await connected({ maxWaiting: 1 });
    await client.submit('a');
    await settled();
    await client.submit('b');
    await client.channel.sendWithBytes(
      (stream) => ({ type: 'submit', requestId: 'c', edit: AWE, proxy: PROXY, stream }),
      new Uint8Array(3072),
    );
    expect(await client.hear('error')).toMatchObject({
      requestId: 'c',
      error: { code: 'BUSY', retryable: true },
    });
  });

  it('CX1, CX2, CX3: cancels what waits, what runs, and refuses what has ended', async () => {
    const { client } = await connected();
    const a = await client.submit('a');
    const b = await client.submit('b');
    await settled();
    client.say({ type: 'cancel', jobId: b });
    expect((await client.hear('jobCancelled')).jobId).toBe(b);
    client.say({ type: 'cancel', jobId: a });
    expect((await client.hear('jobCancelled', 2)).jobId).toBe(a);
    client.say({ type: 'cancel', jobId: a });
    expect(await client.hear('error')).toMatchObject({ jobId: a, error: { code: 'JOB_ENDED' } });
    client.say({ type: 'cancel', jobId: 'nobody' });
    expect((await client.hear('error', 2)).error.code).toBe('UNKNOWN_JOB');
  });

  it('ER4: tells a crash as the end of the job', async () => {
    const { engine, client } = await connected();
    const jobId = await client.submit();
    await settled();
    const error = { code: 'ENGINE_CRASHED', message: 'It died.', hint: 'Again.', retryable: true };
    engine.edits[0]!.fail(new ProtocolError(error as never));
    expect(await client.hear('jobFailed')).toEqual({ type: 'jobFailed', jobId, error });
  });
});

describe('resume', () => {
  it('RS1, RS2: a job goes on without its client, and another session hears what it missed', async () => {
    const { engine, client, connect } = await connected();
    const jobId = await client.submit();
    await settled();
    const edit = engine.edits[0]!;
    edit.iteration(0);
    await client.hear('jobIteration');
    client.channel.close();
    await settled();
    edit.iteration(1);
    edit.progress(0.6);
    const next = connect();
    await next.hello();
    next.say({ type: 'resume', jobId, iterationsSeen: 1 });
    await next.hear('jobProgress');
    expect(next.heard.map(({ type }) => type)).toEqual([
      'challenge',
      'welcome',
      'jobResumed',
      'jobIteration',
      'jobProgress',
    ]);
    expect(next.of('jobResumed')[0]).toEqual({ type: 'jobResumed', jobId, status: 'running' });
    expect(next.of('jobIteration')[0]!.report.index).toBe(1);
    expect(next.of('jobProgress')[0]!.progress.fraction).toBe(0.6);
    edit.iteration(2);
    edit.succeed(2);
    await next.hear('jobSucceeded');
    expect(next.of('jobIteration').map(({ report }) => report.index)).toEqual([1, 2]);
  });

  it('RS2: tells the end again of a job that has ended', async () => {
    const { engine, client, connect } = await connected();
    const jobId = await client.submit();
    await settled();
    engine.edits[0]!.iteration(0);
    engine.edits[0]!.succeed();
    await client.hear('jobSucceeded');
    const next = connect();
    await next.hello();
    next.say({ type: 'resume', jobId, iterationsSeen: 0 });
    await next.hear('jobSucceeded');
    expect(next.heard.map(({ type }) => type)).toEqual([
      'challenge',
      'welcome',
      'jobResumed',
      'jobIteration',
      'jobSucceeded',
    ]);
  });

  it('RS3: resuming twice tells everything once', async () => {
    const { engine, client, connect } = await connected();
    const jobId = await client.submit();
    const next = connect();
    await next.hello();
    next.say({ type: 'resume', jobId, iterationsSeen: 0 });
    next.say({ type: 'resume', jobId, iterationsSeen: 0 });
    await next.hear('jobResumed', 2);
    await settled();
    engine.edits[0]!.iteration(0);
    engine.edits[0]!.succeed();
    await next.hear('jobSucceeded');
    await settled();
    expect(next.of('jobIteration')).toHaveLength(1);
    expect(next.of('jobSucceeded')).toHaveLength(1);
  });

  it('JB7, JB8: after release the id is unknown', async () => {
    const { client } = await connected();
    const jobId = await client.submit();
    client.say({ type: 'release', jobId });
    client.say({ type: 'release', jobId });
    client.say({ type: 'resume', jobId, iterationsSeen: 0 });
    expect(await client.hear('error')).toMatchObject({ jobId, error: { code: 'UNKNOWN_JOB' } });
    expect(client.of('error')).toHaveLength(1);
    expect(await client.hear('jobCancelled')).toMatchObject({ jobId });
  });
});
