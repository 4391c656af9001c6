import {
  areEqual,
  bytesToHex,
  type ClientMessageInput,
  formatPairingKey,
  hexToBytes,
  INITIAL_CREDIT,
  NONCE_BYTES,
  nextPairing,
  type PairingKey,
  PROTOCOL_VERSION,
  pairingFrom,
  proofOf,
  randomBytes,
  type ServerMessage,
  startPairing,
  type WireChannel,
  type WireError,
} from '@emoeditor/shared';
import type { Clock } from '../clock.ts';
import type { ServerIdentity } from './companion.ts';

export type ClientChannel = WireChannel<ServerMessage, ClientMessageInput>;

export type HandshakeOutcome =
  | { readonly kind: 'welcome'; readonly server: ServerIdentity }
  | { readonly kind: 'error'; readonly error: WireError }
  /** Whatever listens there is no companion server, or none that has our key though it says so. */
  | { readonly kind: 'silent' };

/** How the panel introduces itself. */
export interface Introduction {
  readonly name: string;
  readonly version: string;
  /** Null when it is not paired. */
  readonly pairing: PairingKey | null;
  /** A code to pair by first, normalised. */
  readonly code: { readonly kind: 'typed' | 'link'; readonly text: string } | null;
  /** Keeps the key of a new pairing, or the one that follows on an old key. */
  keep(key: string): Promise<void>;
}

/** A wrong code is answered late on purpose (SE4), so this is longer than any honest answer takes. */
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** A timer that fires later than this shows that this side's thread was blocked: the answer may lie there unread. */
const LATE_MS = 1_000;

/**
 * Pairs if there is a code, then says hello and hears the answer. Neither code nor key is ever sent: whoever listens on
 * the port learns nothing, and the server shows first that it has the key (SE10).
 * Call it in the turn in which the channel was made.
 */
export function shakeHands(
  channel: ClientChannel,
  introduction: Introduction,
  clock: Clock,
): Promise<HandshakeOutcome> {
  return new Promise((resolve) => {
    const settle = (outcome: HandshakeOutcome) => {
      stopWaiting();
      resolve(outcome);
    };
    const silent = () => {
      settle({ kind: 'silent' });
      channel.close();
    };
    let stopWaiting = (): void => {};
    const wait = () => {
      const due = clock.now() + HANDSHAKE_TIMEOUT_MS;
      stopWaiting = clock.after(HANDSHAKE_TIMEOUT_MS, () =>
        clock.now() - due > LATE_MS ? wait() : silent(),
      );
    };
    wait();
    channel.onClose = () => settle({ kind: 'silent' });
    channel.onFault = () => settle({ kind: 'silent' });
    const steps = introduce(channel, introduction);
    channel.onMessage = (message) => {
      if (message.type === 'welcome') {
        const { type: _type, credit: _credit, renewed, ...server } = message;
        const welcomed = () => settle({ kind: 'welcome', server });
        // Without our key nobody has anything to welcome us for.
        if (!steps.isProved) silent();
        else if (renewed !== true) welcomed();
        // Where the new key cannot be kept the old one still opens the next connection.
        else steps.renew().then(welcomed, welcomed);
      } else if (message.type === 'error') {
        settle({ kind: 'error', error: message.error });
      } else {
        steps.hear(message).catch(silent);
      }
    };
    steps.begin();
  });
}

/** The panel's side of SE10. Throws when the other side is not what it says. */
function introduce(
  channel: ClientChannel,
  { name, version, pairing: known, code, keep }: Introduction,
) {
  const client = { name, version };
  const nonce = randomBytes(NONCE_BYTES);
  const run = code === null ? null : startPairing('client', code.text, nonce, randomBytes(32));
  let pairing = known;
  let expected: ReturnType<typeof pairingFrom> | null = null;
  let isProved = false;
  let next: PairingKey | null = null;

  const hello = () =>
    channel.send({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      client,
      pairing: pairing?.id ?? null,
      nonce: bytesToHex(nonce),
      credit: INITIAL_CREDIT,
    });

  return {
    get isProved() {
      return isProved;
    },
    begin() {
      if (run === null || code === null) return hello();
      channel.send({
        type: 'pair',
        protocol: PROTOCOL_VERSION,
        code: code.kind,
        client,
        session: bytesToHex(nonce),
        share: bytesToHex(run.share),
      });
    },
    /** Keeps the key that follows on the one that was proved. */
    async renew(): Promise<void> {
      if (next !== null) await keep(formatPairingKey(next));
    },
    async hear(message: ServerMessage): Promise<void> {
      if (message.type === 'pairShare' && run !== null) {
        expected = pairingFrom(run.finish(hexToBytes(message.share)));
        channel.send({ type: 'pairProof', proof: bytesToHex(expected.clientProof) });
      } else if (message.type === 'paired' && expected !== null) {
        expectProof(message.proof, expected.serverProof);
        pairing = expected.pairing;
        await keep(formatPairingKey(pairing));
        hello();
      } else if (message.type === 'challenge' && pairing !== null) {
        const nonces = [nonce, hexToBytes(message.nonce)] as const;
        expectProof(message.proof, proofOf('server', pairing.key, ...nonces));
        isProved = true;
        next = nextPairing(pairing.key, ...nonces);
        const proof = bytesToHex(proofOf('client', pairing.key, ...nonces));
        channel.send({ type: 'proof', proof });
      }
    },
  };
}

function expectProof(given: string, right: Uint8Array): void {
  if (!areEqual(hexToBytes(given), right)) {
    throw new Error('Expected a server that has our key but this one has not.');
  }
}
