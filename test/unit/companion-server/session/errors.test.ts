import { homedir } from 'node:os';
import { CompositorError } from '@emoeditor/companion-server/compositor/compositorError.ts';
import { protocolErrorOf } from '@emoeditor/companion-server/errors.ts';
import { ImageError } from '@emoeditor/companion-server/imaging/imageError.ts';
import { ModelError } from '@emoeditor/companion-server/models/modelError.ts';
import { PipelineError } from '@emoeditor/companion-server/pipeline/pipelineError.ts';
import {
  badFrame,
  type ServerMessage,
  WIRE_ERROR_CODES,
  type WireError,
  wireErrorSchema,
} from '@emoeditor/shared';
import { describe, expect, it, vi } from 'vitest';
import { AWE, HELLO, PROXY, settled, startCompanion } from './connecting.ts';

type ErrorMessage = Extract<ServerMessage, { type: 'error' }>;

/** All that ER1 asks for, in sentences. */
function expectWhole(error: WireError): void {
  expect(wireErrorSchema.parse(error)).toEqual(error);
  expect(error.message).toMatch(/^[A-Z].{10,}[.…]$/);
  expect(error.hint).toMatch(/^[A-Z].{5,}\.$/);
}

async function connected() {
  const companion = startCompanion();
  const client = companion.connect();
  await client.hello();
  /** The answer to a message that the server refuses. */
  const refused = async (say: () => void): Promise<ErrorMessage> => {
    const before = client.of('error').length;
    say();
    return client.hear('error', before + 1);
  };
  return { ...companion, client, refused };
}

describe('ER1: an error', () => {
  it('has one of these codes, which clients know', () => {
    expect(WIRE_ERROR_CODES).toEqual([
      ...['PROTOCOL_MISMATCH', 'UNAUTHORISED', 'BAD_MESSAGE', 'BAD_FRAME', 'BAD_IMAGE'],
      ...['UNKNOWN_JOB', 'UNKNOWN_ITERATION', 'JOB_ENDED', 'BUSY'],
      ...['MODEL_MISSING', 'MODEL_CORRUPT', 'ENGINE_CRASHED', 'OUT_OF_MEMORY', 'TIMEOUT'],
      'INTERNAL',
    ]);
  });

  const text = ['Expected a cat but a dog came.', 'Bring a cat.'] as const;
  it.each([
    ['BAD_FRAME', badFrame('Expected a frame but noise came.')],
    ['MODEL_MISSING', new ModelError('MODEL_MISSING', ...text)],
    ['MODEL_CORRUPT', new ModelError('MODEL_CORRUPT', ...text)],
    ['INTERNAL', new ModelError('MODEL_FAILED', ...text)],
    ['BAD_IMAGE', new CompositorError('BAD_TILE', ...text)],
    ['BAD_IMAGE', new ImageError('TOO_SMALL', ...text)],
    ['BAD_IMAGE', new PipelineError('BAD_PICTURE', ...text)],
    ['INTERNAL', new PipelineError('NOT_FINITE', ...text)],
    ['OUT_OF_MEMORY', new Error('std::bad_alloc')],
    ['INTERNAL', new TypeError('x is not a function.')],
    ['INTERNAL', 'a mere text.'],
  ])('is %s, with what came and what to do, for any failure of the server', (code, failure) => {
    const error = protocolErrorOf(failure).toWire();
    expect(error.code).toBe(code);
    expectWhole(error);
  });

  it.each([
    [
      new Error(`ENOENT: no such file, open '${homedir()}/a b/unet.onnx'`),
      "open '~/a b/unet.onnx'",
    ],
    [new Error("Cannot find module '/opt/emoeditor/src/x.ts'"), "module '…/x.ts'"],
    [new Error('C:\\Users\\Ann\\models\\unet.onnx is locked'), '…/unet.onnx is locked'],
    [new Error('at file:///srv/a/b.ts:3'), '…/b.ts:3'],
    [new ModelError('MODEL_FAILED', 'In /srv/models/x: no', 'Again.'), 'In …/x: no'],
  ])('SE5: %s shows no folder of this machine', (failure, shown) => {
    const { code, message } = protocolErrorOf(failure);
    expect(code).toBe('INTERNAL');
    expect(message).toContain(shown);
    expect(message).not.toMatch(/\/(srv|opt)\/|Users/);
  });

  it('says what came and what to do, whatever a client did', async () => {
    const { engine, client, connect, refused } = await connected();
    const jobId = await client.submit();
    await settled();
    engine.edits[0]!.iteration(0);
    await client.hear('jobIteration');
    const compositeId = await client.openComposite(jobId);
    const composite = { iteration: 0, intensity: 1, extent: { width: 9, height: 9 } };
    const bounds = { left: 0, top: 0, width: 200, height: 1 };
    const codes: string[] = [];
    for (const say of [
      () => client.near.send('nonsense'),
      () => client.near.send('{"type":"dance"}'),
      () => client.say(HELLO),
      () =>
        client.say({
          ...{ type: 'submit', requestId: 'r', edit: AWE, stream: 50 },
          proxy: { ...PROXY, channels: 1 },
        }),
      () => client.say({ type: 'cancel', jobId: 'nobody' }),
      () => client.say({ type: 'resume', jobId: 'nobody', iterationsSeen: 0 }),
      () => client.say({ type: 'openComposite', requestId: 'r', jobId: 'nobody', ...composite }),
      () =>
        client.say({ type: 'openComposite', requestId: 'r', jobId, ...composite, iteration: 9 }),
      () => client.say({ type: 'tile', compositeId: 'none', bounds, pixels: PROXY, stream: 51 }),
      () => client.say({ type: 'tile', compositeId, bounds, pixels: PROXY, stream: 52 }),
    ]) {
      const { error } = await refused(say);
      expectWhole(error);
      codes.push(error.code);
    }
    const stranger = connect();
    stranger.say({ ...HELLO, pairing: null });
    const { error } = await stranger.hear('error');
    expectWhole(error);
    expect([...codes, error.code]).toEqual([
      ...['BAD_MESSAGE', 'BAD_MESSAGE', 'BAD_MESSAGE', 'BAD_IMAGE', 'UNKNOWN_JOB', 'UNKNOWN_JOB'],
      ...['UNKNOWN_JOB', 'UNKNOWN_ITERATION', 'BAD_MESSAGE', 'BAD_IMAGE', 'UNAUTHORISED'],
    ]);
  });
});

describe('ER2: an error names what it belongs to', () => {
  const idsOf = ({ type: _type, error: _error, ...ids }: ErrorMessage) => ids;

  it('when a message was understood and refused', async () => {
    const { client, refused } = await connected();
    const composite = { iteration: 0, intensity: 1, extent: { width: 9, height: 9 } };
    const open = { type: 'openComposite', requestId: 'q', jobId: 'j', ...composite } as const;
    expect(idsOf(await refused(() => client.say(open)))).toEqual({ requestId: 'q', jobId: 'j' });
    const cancel = { type: 'cancel', jobId: 'j' } as const;
    expect(idsOf(await refused(() => client.say(cancel)))).toEqual({ jobId: 'j' });
    const bounds = { left: 0, top: 0, width: 32, height: 32 };
    const tile = { type: 'tile', compositeId: 'c', bounds, pixels: PROXY, stream: 9 } as const;
    expect(idsOf(await refused(() => client.say(tile)))).toEqual({ compositeId: 'c' });
  });

  it('when its answer went wrong only later', async () => {
    const { engine, client, refused } = await connected();
    engine.predictError = new Error('surprise');
    const failed = await refused(() => {
      void client.channel.sendWithBytes(
        (stream) => ({ type: 'predict', requestId: 'p', proxy: PROXY, stream }),
        new Uint8Array(32 * 32 * 3),
      );
    });
    expect(idsOf(failed)).toEqual({ requestId: 'p' });
  });

  it('as far as it could be read', async () => {
    const { client, refused } = await connected();
    const said = async (text: string) => idsOf(await refused(() => client.near.send(text)));
    expect(await said('{"type":"submit","requestId":"q","edit":7}')).toEqual({ requestId: 'q' });
    expect(await said('{"type":"resume","jobId":"j","iterationsSeen":-1}')).toEqual({ jobId: 'j' });
    expect(await said('{"type":"closeComposite","compositeId":4}')).toEqual({});
  });

  it('or nothing, when it concerns the connection', async () => {
    const { client, refused } = await connected();
    expect(idsOf(await refused(() => client.near.send('nonsense')))).toEqual({});
    expect(idsOf(await refused(() => client.near.send(Uint8Array.of(1, 2, 3))))).toEqual({});
    await vi.waitFor(() => expect(client.closed).toEqual([4000]));
  });
});

describe('ER3: what was not understood', () => {
  it('is refused with the first wrong field, and the connection given up after twenty', async () => {
    const { client } = await connected();
    client.near.send('{"type":"cancel","jobId":3}');
    expect((await client.hear('error')).error).toMatchObject({
      code: 'BAD_MESSAGE',
      message: 'Expected "jobId" to be of type string but received 3.',
    });
    for (let count = 1; count < 20; count++) client.near.send('nonsense');
    await client.hear('error', 20);
    expect(client.closed).toEqual([]);
    client.near.send('nonsense');
    await vi.waitFor(() => expect(client.closed).toEqual([4000]));
  });

  it('SE9: is not repeated when it is longer than an id or a message may be', async () => {
    const { client } = await connected();
    const jobId = 'j'.repeat(101);
    client.near.send(JSON.stringify({ type: 'cancel', jobId }));
    const refused = await client.hear('error');
    expect(refused.error.code).toBe('BAD_MESSAGE');
    expect(refused).not.toHaveProperty('jobId');
    expect(JSON.stringify(refused).length).toBeLessThan(500);
    client.near.send(JSON.stringify({ type: 'ping', nonce: 1, filler: 'f'.repeat(8 * 1024) }));
    expect((await client.hear('error', 2)).error.message).toMatch(/at most 8192 characters/);
  });

  it('HS1: ends a stranger’s connection that says anything but hello too often', async () => {
    const client = startCompanion().connect();
    for (let count = 0; count < 20; count++) client.say({ type: 'release', jobId: 'x' });
    await client.hear('error', 20);
    expect(client.closed).toEqual([]);
    client.say({ type: 'release', jobId: 'x' });
    await vi.waitFor(() => expect(client.closed).toEqual([4000]));
  });
});
