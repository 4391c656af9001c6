import { ModelError } from '@emoeditor/companion-server/models/modelError.ts';
import { CLOSE_CODES, INITIAL_CREDIT } from '@emoeditor/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { proofFor } from '../../../fakes/introduceTo.ts';
import { AWE, HELLO, PROXY, settled, startCompanion } from './connecting.ts';

afterEach(() => vi.useRealTimers());

describe('handshake', () => {
  it('HS1: refuses everything before welcome, and lives on', async () => {
    const { engine, connect } = startCompanion();
    const client = connect();
    client.say({ type: 'release', jobId: 'x' });
    expect(await client.hear('error')).toMatchObject({
      jobId: 'x',
      error: { code: 'UNAUTHORISED', message: expect.stringContaining('release') },
    });
    client.say({ type: 'submit', requestId: 'r', edit: AWE, proxy: PROXY, stream: 1 });
    expect(await client.hear('error', 2)).toMatchObject({ requestId: 'r' });
    expect(engine.edits).toEqual([]);
    await client.hello();
  });

  it('HS2: names both versions to a client of another protocol and closes with 4000', async () => {
    const client = startCompanion().connect();
    client.say({ ...HELLO, protocol: 2, pairing: null });
    expect((await client.hear('error')).error).toMatchObject({
      code: 'PROTOCOL_MISMATCH',
      message: 'Expected protocol 1 but the panel speaks 2.',
    });
    await vi.waitFor(() => expect(client.closed).toEqual([CLOSE_CODES.protocolError]));
  });

  it.each([null, 'ffffffffffffffff'])(
    'HS3: refuses a client that is not paired (%s) and closes with 4001',
    async (pairing) => {
      const client = startCompanion().connect();
      client.say({ ...HELLO, pairing });
      expect((await client.hear('error')).error.code).toBe('UNAUTHORISED');
      await vi.waitFor(() => expect(client.closed).toEqual([CLOSE_CODES.unauthorised]));
    },
  );

  it('HS4: welcomes with the version, the bundle, the provider and credit', async () => {
    const { type: _type, ...rest } = await startCompanion().connect().hello();
    expect(rest).toEqual({
      protocol: 1,
      server: { name: 'companion', version: '1.2.3' },
      bundle: {
        id: 'manual',
        name: 'Manual',
        kind: 'emotion-direction',
        workingArea: 4096,
        sizeMultiple: 32,
        licence: 'MIT',
        limits: 'Does nothing by itself.',
      },
      provider: {
        name: 'manual',
        reason: 'a test asked for it',
        refused: [{ name: 'abacus', reason: 'no beads' }],
      },
      credit: INITIAL_CREDIT,
    });
  });

  it('HS5: answers with the engine’s own error when it has no bundle, and closes with 4002', async () => {
    const { engine, connect } = startCompanion();
    engine.info = new ModelError('MODEL_CORRUPT', 'unet.onnx is damaged.', 'Restore it.');
    const client = connect();
    client.say(HELLO);
    client.say(proofFor(await client.hear('challenge')));
    expect((await client.hear('error')).error).toEqual({
      code: 'MODEL_CORRUPT',
      message: 'unet.onnx is damaged.',
      hint: 'Restore it.',
      retryable: false,
    });
    await vi.waitFor(() => expect(client.closed).toEqual([CLOSE_CODES.unavailable]));
  });

  it('HS6: refuses a second hello and lives on', async () => {
    const client = startCompanion().connect();
    await client.hello();
    client.say(HELLO);
    expect((await client.hear('error')).error.code).toBe('BAD_MESSAGE');
    client.say({ type: 'ping', nonce: 1 });
    await client.hear('pong');
  });

  it('HS7: closes a connection that says no valid hello within ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { connect } = startCompanion();
    const silent = connect();
    const speaking = connect();
    speaking.say(HELLO);
    await settled();
    speaking.say(proofFor(speaking.of('challenge')[0]!));
    await settled();
    expect(speaking.of('welcome')).toHaveLength(1);
    vi.advanceTimersByTime(9_999);
    await settled();
    expect(silent.closed).toEqual([]);
    vi.advanceTimersByTime(2);
    await settled();
    expect(silent.closed).toEqual([CLOSE_CODES.unauthorised]);
    expect(speaking.closed).toEqual([]);
  });

  it('HS8: answers ping with its nonce, before and after welcome', async () => {
    const client = startCompanion().connect();
    client.say({ type: 'ping', nonce: 7 });
    expect(await client.hear('pong')).toEqual({ type: 'pong', nonce: 7 });
    await client.hello();
    client.say({ type: 'ping', nonce: 8 });
    expect(await client.hear('pong', 2)).toEqual({ type: 'pong', nonce: 8 });
  });
});
