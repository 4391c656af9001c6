import {
  areEqual,
  bytesToHex,
  type ClientMessage,
  hexToBytes,
  NONCE_BYTES,
  nextPairing,
  type PairingKey,
  PROTOCOL_VERSION,
  ProtocolError,
  proofOf,
  randomBytes,
  type ServerMessage,
} from '@emoeditor/shared';
import type { PairingCodes, PairingTry } from './pairingCodes.ts';
import type { Pairings } from './pairings.ts';

type Of<Type extends ClientMessage['type']> = Extract<ClientMessage, { type: Type }>;

/** What every connection needs to tell who is there. */
export interface AuthenticationParts {
  readonly pairings: Pairings;
  readonly codes: PairingCodes;
}

/**
 * One connection's way from a stranger to a known client. Every step answers or throws; a wrong one begins anew.
 * All methods throw ProtocolError PROTOCOL_MISMATCH, UNAUTHORISED, BAD_MESSAGE or BUSY.
 */
export interface Authentication {
  pair(message: Of<'pair'>): ServerMessage;
  pairProof(message: Of<'pairProof'>): Promise<ServerMessage>;
  hello(message: Of<'hello'>): Promise<ServerMessage>;
  /** Returns when the client has proved its key. */
  proof(message: Of<'proof'>): void;
  /** Puts a new key in the place of the one that was proved where that is old. @returns whether it did */
  renew(): Promise<boolean>;
  /** Whether the key that was proved is still one that may connect. */
  isStillKnown(): Promise<boolean>;
}

/** What a stranger may say. */
export type Introduction = Of<'pair' | 'pairProof' | 'hello' | 'proof'>;

/** Name and version, cut to what a log line holds. */
export const clientName = ({ client: { name, version } }: Of<'hello'>): string =>
  `${name} ${version}`.slice(0, 80);

/** The answer to one step of an introduction; null when it was the last. */
export async function answerTo(
  message: Introduction,
  authentication: Authentication,
): Promise<ServerMessage | null> {
  switch (message.type) {
    case 'pair':
      return authentication.pair(message);
    case 'pairProof':
      return authentication.pairProof(message);
    case 'hello':
      return authentication.hello(message);
    case 'proof':
      authentication.proof(message);
      return null;
  }
}

export function createAuthentication({ pairings, codes }: AuthenticationParts): Authentication {
  let pairing: { readonly run: PairingTry; readonly client: string } | null = null;
  let challenge: { readonly expected: Uint8Array } | null = null;
  let known: string | null = null;
  let next: PairingKey | null = null;
  return {
    pair({ protocol, code, session, share, client }) {
      expectProtocol(protocol);
      const run = codes.begin(code, session, share);
      pairing = { run, client: `${client.name} ${client.version}` };
      return { type: 'pairShare', share: run.share };
    },
    async pairProof({ proof }) {
      const tried = pairing;
      pairing = null;
      const done = await tried?.run.finish(proof);
      if (tried === null || done === undefined || done === null) throw wrongCode();
      await pairings.add(done.pairing, tried.client);
      return { type: 'paired', proof: done.proof };
    },
    async hello({ protocol, pairing: id, nonce }) {
      expectProtocol(protocol);
      const key = id === null ? null : await pairings.find(id);
      if (key === null) throw notPaired();
      known = id;
      const own = randomBytes(NONCE_BYTES);
      const nonces = [hexToBytes(nonce), own] as const;
      challenge = { expected: proofOf('client', key, ...nonces) };
      next = nextPairing(key, ...nonces);
      const proof = bytesToHex(proofOf('server', key, ...nonces));
      return { type: 'challenge', nonce: bytesToHex(own), proof };
    },
    proof({ proof }) {
      const expected = challenge?.expected;
      challenge = null;
      if (expected === undefined || !areEqual(hexToBytes(proof), expected)) throw notPaired();
    },
    renew: async () => known !== null && next !== null && pairings.renew(known, next),
    isStillKnown: async () => known !== null && (await pairings.find(known)) !== null,
  };
}

/** First of all: a client of another version must hear that, not that its code is wrong. */
function expectProtocol(protocol: number): void {
  if (protocol === PROTOCOL_VERSION) return;
  throw new ProtocolError({
    code: 'PROTOCOL_MISMATCH',
    message: `Expected protocol ${PROTOCOL_VERSION} but the panel speaks ${protocol}.`,
    hint:
      protocol > PROTOCOL_VERSION
        ? 'Update the companion server to the release of the panel.'
        : 'Update the panel to the release of the companion server.',
    retryable: false,
  });
}

const wrongCode = () =>
  new ProtocolError({
    code: 'UNAUTHORISED',
    message: 'Expected the pairing code of this companion server but received another.',
    hint: 'Enter the pairing code that the server shows now; each works once.',
    retryable: false,
  });

export const notPaired = () =>
  new ProtocolError({
    code: 'UNAUTHORISED',
    message: 'Expected a panel that is paired with this companion server.',
    hint: 'Enter the pairing code that the server shows.',
    retryable: false,
  });
