import { ModelError } from '@emoeditor/companion-server/models/modelError.ts';
import { createPairingGate } from '@emoeditor/companion-server/session/pairingGate.ts';
import { CLOSE_CODES, INITIAL_CREDIT } from '@emoeditor/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AWE, HELLO, PROXY, settled, startCompanion, TOKEN } from './connecting.ts';

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
    client.say({ ...HELLO, protocol: 2, token: 'whatever' });
    expect((await client.hear('error')).error).toMatchObject({
      code: 'PROTOCOL_MISMATCH',
      message: 'Expected protocol 1 but the panel speaks 2.',
    });
    await vi.waitFor(() => expect(client.closed).toEqual([CLOSE_CODES.protocolError]));
  });

  it('HS3: refuses a wrong token and closes with 4001', async () => {
    const client = startCompanion().connect();
    client.say({ ...HELLO, token: '7K3MQX9TRC' });
    const { error } = await client.hear('error');
    expect(error.code).toBe('UNAUTHORISED');
    expect(JSON.stringify(error)).not.toContain(TOKEN);
    await vi.waitFor(() => expect(client.closed).toEqual([CLOSE_CODES.unauthorised]));
  });

  it.each(['7k3mq-x9trb', ' 7K3MQ X9TRB ', '7K3MQX9TRB'])('HS3: takes “%s”', async (token) => {
    await startCompanion().connect().hello({ token });
  });

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

describe('pairing gate', () => {
  it('SE4: answers the right token at once and the wrong one late', async () => {
    vi.useFakeTimers();
    const gate = createPairingGate(TOKEN, { delayMs: 1000 });
    expect(await gate.judge('7k3mq-x9trb')).toBe(true);
    const verdict = vi.fn();
    void gate.judge('WRONG').then(verdict);
    await vi.advanceTimersByTimeAsync(999);
    expect(verdict).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(verdict).toHaveBeenCalledWith(false);
  });

  it('SE4: lets a few wrong ones wait, none of which holds the right one up', async () => {
    vi.useFakeTimers();
    const gate = createPairingGate(TOKEN, { maxWaiting: 2, delayMs: 1000 });
    const wrong = [gate.judge('A'), gate.judge('B')];
    await expect(gate.judge('C')).rejects.toMatchObject({ code: 'BUSY', retryable: true });
    expect(await gate.judge(TOKEN)).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await Promise.all(wrong)).toEqual([false, false]);
  });
});
