import {
  formatPairingKey,
  pairingFrom,
  parsePairingKey,
  randomBytes,
  startPairing,
} from '@emoeditor/shared';
import { startCpace } from '@emoeditor/shared/pairing/cpace.ts';
import { describe, expect, it } from 'vitest';

const bytes = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));

/** Source: draft-irtf-cfrg-cpace, testvectors.json, G_Coffee25519 (CPACE-RISTR255-SHA512, appendix B.3). */
const DRAFT = {
  code: bytes('UGFzc3dvcmQ='),
  channel: bytes('b2MLQl9yZXNwb25kZXILQV9pbml0aWF0b3I='),
  session: bytes('fktHkdao7wGbk2x5+38sVw=='),
  client: bytes('2j0jcAqeVpkliu+U3AYN/aXrth8Cpep3+tU/T/CXbQg='),
  clientShare: bytes('1A+yZaer6u55OdkaWF/ln3BT+YLCluxBPGJMZpMI+Ho='),
  server: bytes('0jFrRUcYw1Ni2D1p32Mg84V47VmEZRQ14pSXYtkAuA0='),
  serverShare: bytes('CLz26Xd6nDE6PbbapRDy05hAMxnCNBvVBqkuZy634wc='),
  secret: bytes(
    'TFRpoWsjZMS5ROvBp55R0WdK1H2ybocYFU9Z+uv6pS2DRvMKpYN3EX6yDVJ/LLxcdjgff9Ny6J34I5+H8uAu0Q==',
  ),
  invalid: bytes('KzxrjE84AOeu9oZAJbTteb1ZkRfkJ8Qb1H2T1lS0pRw='),
};

describe('CPace', () => {
  const { code, channel, session } = DRAFT;
  const run = (role: 'client' | 'server') =>
    startCpace({ code, channel, session, role, random: DRAFT[role] });

  it('gives the shares and the secret of the draft’s test vectors, on both sides', () => {
    expect(run('client').share).toEqual(DRAFT.clientShare);
    expect(run('server').share).toEqual(DRAFT.serverShare);
    expect(run('client').finish(DRAFT.serverShare)).toEqual(DRAFT.secret);
    expect(run('server').finish(DRAFT.clientShare)).toEqual(DRAFT.secret);
  });

  it('takes no share that is no point, or the neutral one', () => {
    expect(() => run('client').finish(DRAFT.invalid)).toThrow();
    expect(() => run('client').finish(new Uint8Array(32))).toThrow();
    expect(() => run('client').finish(new Uint8Array(31))).toThrow();
  });
});

describe('a pairing', () => {
  const session = new Uint8Array(32).fill(1);
  const secrets = (client: string, server: string) => {
    const [a, b] = [
      startPairing('client', client, session, randomBytes(32)),
      startPairing('server', server, session, randomBytes(32)),
    ];
    return [pairingFrom(a.finish(b.share)), pairingFrom(b.finish(a.share))] as const;
  };

  it('gives both sides one key when they have one code, and nothing in common otherwise', () => {
    const [one, other] = secrets('7K3MQX9TRB', '7K3MQX9TRB');
    expect(one).toEqual(other);
    expect(one.pairing.key).toHaveLength(32);
    const [wrong, right] = secrets('7K3MQX9TRC', '7K3MQX9TRB');
    expect(wrong.clientProof).not.toEqual(right.clientProof);
    expect(wrong.serverProof).not.toEqual(right.serverProof);
    expect(wrong.pairing.key).not.toEqual(right.pairing.key);
  });

  it('differs from run to run', () => {
    const ids = [0, 1, 2].map(() => secrets('7K3MQX9TRB', '7K3MQX9TRB')[0].pairing.id);
    expect(new Set(ids).size).toBe(3);
  });

  it('is kept as one text, and nothing else is taken for one', () => {
    const [{ pairing }] = secrets('A', 'A');
    expect(parsePairingKey(formatPairingKey(pairing))).toEqual(pairing);
    for (const text of [null, '', '7K3MQX9TRB', `${pairing.id}.00`, 'link:ABC']) {
      expect(parsePairingKey(text)).toBeNull();
    }
  });
});

describe('random bytes', () => {
  it('differ from draw to draw where the host has no crypto too', () => {
    const draws = Array.from({ length: 100 }, () => Buffer.from(randomBytes(32, {})).toString());
    expect(new Set(draws).size).toBe(100);
    expect(randomBytes(64, {})).toHaveLength(64);
    expect(randomBytes(16)).toHaveLength(16);
  });
});
