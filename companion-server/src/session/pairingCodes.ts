import { randomInt } from 'node:crypto';
import {
  areEqual,
  bytesToHex,
  hexToBytes,
  PAIRING_ALPHABET,
  PAIRING_CODE_LENGTH,
  type PairingKey,
  ProtocolError,
  pairingFrom,
  randomBytes,
  startPairing,
} from '@emoeditor/shared';

/** What pairs a client once: the code that the terminal shows, and the one in the studio's address. */
export type CodeKind = 'typed' | 'link';

export interface PairingTry {
  /** The server's share, for the client. */
  readonly share: string;
  /**
   * Whether the client knows the code. Then the code is used up, and the answer has the server's own proof and the key;
   * null, and late, when it does not.
   */
  finish(
    clientProof: string,
  ): Promise<{ readonly proof: string; readonly pairing: PairingKey } | null>;
}

export interface PairingCodes {
  code(kind: CodeKind): string;
  /** @throws ProtocolError BUSY when too many have tried in this second, BAD_MESSAGE for a share that is none */
  begin(kind: CodeKind, session: string, share: string): PairingTry;
}

export interface PairingCodesOptions {
  /** A code was used up, or guessed at too often. */
  readonly onNewCode?: (kind: CodeKind, code: string) => void;
  /** How long a wrong proof waits for its answer. */
  readonly delayMs?: number;
  /** The first typed code; random when left out. */
  readonly typed?: string;
}

/** Letters of a code that nobody types: 125 bits. */
const LINK_LENGTH = 25;
/** Tries to pair in a second, right or wrong: each costs some milliseconds of arithmetic. */
const TRIES_PER_SECOND = 8;
/** Wrong proofs after which a code is replaced. Of 32¹⁰ codes, so many guesses are nothing. */
const WRONG_PER_CODE = 100;

/** Codes that each pair one client, after which there is a new one. */
export function createPairingCodes(options: PairingCodesOptions = {}): PairingCodes {
  const { onNewCode = () => {}, delayMs = 1000 } = options;
  const codes: Record<CodeKind, string> = {
    typed: options.typed ?? newCode(PAIRING_CODE_LENGTH),
    link: newCode(LINK_LENGTH),
  };
  let wrong = 0;
  let tries: number[] = [];

  function replace(kind: CodeKind): void {
    codes[kind] = newCode(kind === 'typed' ? PAIRING_CODE_LENGTH : LINK_LENGTH);
    if (kind === 'typed') wrong = 0;
    onNewCode(kind, codes[kind]);
  }

  return {
    code: (kind) => codes[kind],
    begin(kind, session, share) {
      const now = performance.now();
      tries = tries.filter((then) => now - then < 1000);
      if (tries.length >= TRIES_PER_SECOND) throw tooManyTries();
      tries.push(now);
      const code = codes[kind];
      const run = startPairing('server', code, hexToBytes(session), randomBytes(32));
      const { pairing, clientProof, serverProof } = pairingFrom(finished(run, share));
      return {
        share: bytesToHex(run.share),
        async finish(proof) {
          // Another client may have used the code up meanwhile.
          if (areEqual(hexToBytes(proof), clientProof) && codes[kind] === code) {
            replace(kind);
            return { proof: bytesToHex(serverProof), pairing };
          }
          wrong += 1;
          if (kind === 'typed' && wrong >= WRONG_PER_CODE) replace('typed');
          await new Promise((resolve) => setTimeout(resolve, delayMs));
          return null;
        },
      };
    },
  };
}

function finished(run: { finish(other: Uint8Array): Uint8Array }, share: string): Uint8Array {
  try {
    return run.finish(hexToBytes(share));
  } catch {
    throw new ProtocolError({
      code: 'BAD_MESSAGE',
      message: 'Expected a share of a key exchange but received something else.',
      hint: 'Pair the panel again.',
      retryable: false,
    });
  }
}

const newCode = (length: number): string =>
  Array.from({ length }, () => PAIRING_ALPHABET.charAt(randomInt(PAIRING_ALPHABET.length))).join(
    '',
  );

function tooManyTries(): ProtocolError {
  return new ProtocolError({
    code: 'BUSY',
    message: `Expected at most ${TRIES_PER_SECOND} tries to pair in a second.`,
    hint: 'Wait a moment and try again.',
    retryable: true,
  });
}
