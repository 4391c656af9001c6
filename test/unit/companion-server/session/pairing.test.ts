import { createPairingCodes } from '@emoeditor/companion-server/session/pairingCodes.ts';
import {
  bytesToHex,
  hexToBytes,
  type PairingKey,
  pairingFrom,
  randomBytes,
  startPairing,
} from '@emoeditor/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CLIENT, helloOf, proofFor } from '../../../fakes/introduceTo.ts';
import { CODE, HELLO, startCompanion } from './connecting.ts';

afterEach(() => vi.useRealTimers());

type Client = ReturnType<ReturnType<typeof startCompanion>['connect']>;

function pairMessage(code: string, kind: 'typed' | 'link' = 'typed') {
  const session = randomBytes(32);
  const run = startPairing('client', code, session, randomBytes(32));
  const message = {
    type: 'pair',
    protocol: 1,
    code: kind,
    client: CLIENT,
    session: bytesToHex(session),
    share: bytesToHex(run.share),
  } as const;
  return { message, finish: (share: string) => pairingFrom(run.finish(hexToBytes(share))) };
}

/** Pairs by a code; the key when the server took it. */
async function pairWith(client: Client, code: string): Promise<PairingKey | null> {
  const { message, finish } = pairMessage(code);
  client.say(message);
  const { share } = await client.hear('pairShare');
  const { clientProof, serverProof, pairing } = finish(share);
  client.say({ type: 'pairProof', proof: bytesToHex(clientProof) });
  const answer = await Promise.race([client.hear('paired'), client.hear('error')]);
  if (answer.type === 'error') return null;
  expect(answer.proof).toBe(bytesToHex(serverProof));
  return pairing;
}

describe('SE10: pairing', () => {
  it('gives a key for the right code, which opens this connection and later ones', async () => {
    const companion = startCompanion();
    const client = companion.connect();
    const pairing = await pairWith(client, CODE);
    for (const one of [client, companion.connect()]) {
      one.say(helloOf(pairing!));
      one.say(proofFor(await one.hear('challenge'), pairing!));
      await one.hear('welcome');
    }
    const said = JSON.stringify(client.heard);
    expect(said).not.toContain(CODE);
    expect(said).not.toContain(bytesToHex(pairing!.key));
  });

  it('refuses a wrong code, and the right one when it was used already', async () => {
    const companion = startCompanion();
    expect(await pairWith(companion.connect(), '7K3MQX9TRC')).toBeNull();
    expect(await pairWith(companion.connect(), CODE)).not.toBeNull();
    const late = companion.connect();
    expect(await pairWith(late, CODE)).toBeNull();
    await vi.waitFor(() => expect(late.closed).toEqual([4001]));
    expect(companion.codes.code('typed')).not.toBe(CODE);
    expect(await companion.pairings.list()).toHaveLength(2);
  });

  it('refuses a proof of the key that is wrong, was heard before, or comes unasked', async () => {
    const companion = startCompanion();
    const known = companion.connect();
    await known.hello();
    const old = proofFor(known.of('challenge')[0]!);
    const replaying = companion.connect();
    replaying.say(HELLO);
    await replaying.hear('challenge');
    replaying.say(old);
    expect((await replaying.hear('error')).error.code).toBe('UNAUTHORISED');
    const unasked = companion.connect();
    unasked.say(old);
    expect((await unasked.hear('error')).error.code).toBe('UNAUTHORISED');
    const mistaken = companion.connect();
    mistaken.say(HELLO);
    await mistaken.hear('challenge');
    mistaken.say({ type: 'proof', proof: '00'.repeat(32) });
    expect((await mistaken.hear('error')).error.code).toBe('UNAUTHORISED');
    for (const { closed } of [replaying, unasked, mistaken]) {
      await vi.waitFor(() => expect(closed).toEqual([4001]));
    }
  });

  it('refuses a share that is none', async () => {
    const client = startCompanion().connect();
    client.say({ ...pairMessage(CODE).message, share: 'ff'.repeat(32) });
    expect((await client.hear('error')).error.code).toBe('BAD_MESSAGE');
  });
});

describe('SE4: pairing codes', () => {
  const begin = (codes: ReturnType<typeof createPairingCodes>, code: string) => {
    const { message } = pairMessage(code);
    return codes.begin('typed', message.session, message.share);
  };

  it('answer a wrong proof late', async () => {
    vi.useFakeTimers();
    const codes = createPairingCodes({ typed: CODE, delayMs: 1000 });
    const verdict = vi.fn();
    void begin(codes, 'A').finish('00'.repeat(32)).then(verdict);
    await vi.advanceTimersByTimeAsync(999);
    expect(verdict).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(verdict).toHaveBeenCalledWith(null);
  });

  it('take eight tries in a second', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const codes = createPairingCodes({ typed: CODE });
    for (let i = 0; i < 8; i++) begin(codes, 'A');
    expect(() => begin(codes, 'A')).toThrow(expect.objectContaining({ code: 'BUSY' }));
    vi.advanceTimersByTime(1000);
    begin(codes, 'A');
  });

  it('are replaced when they were guessed at too often, and told', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
    const onNewCode = vi.fn();
    const codes = createPairingCodes({ typed: CODE, delayMs: 0, onNewCode });
    for (let i = 0; i < 100; i++) {
      expect(codes.code('typed')).toBe(CODE);
      void begin(codes, 'A').finish('00'.repeat(32));
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(onNewCode).toHaveBeenCalledWith('typed', codes.code('typed'));
    expect(codes.code('typed')).not.toBe(CODE);
  });

  it('SE10: a key that is revoked ends the connections that are open with it', async () => {
    const { connect, pairings } = startCompanion();
    const client = connect();
    await client.hello();
    await pairings.revoke();
    expect((await client.hear('error')).error.code).toBe('UNAUTHORISED');
    await vi.waitFor(() => expect(client.closed).toEqual([4001]));
  });
});
