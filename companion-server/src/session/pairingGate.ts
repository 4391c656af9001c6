import { createHash, timingSafeEqual } from 'node:crypto';
import { normalisePairingCode, ProtocolError } from '@emoeditor/shared';

/** Judges tokens slowly enough that guessing is hopeless, and the right one at once (SE4). */
export interface PairingGate {
  /** @throws ProtocolError BUSY when too many wait to be judged */
  judge(typed: string): Promise<boolean>;
}

export interface PairingGateOptions {
  /** Wrong hellos that may wait for their answer. */
  readonly maxWaiting?: number;
  /** How long a wrong one waits. */
  readonly delayMs?: number;
}

/**
 * The right token is answered at once, however many wrong ones wait: a gate that queued them all would let anybody keep
 * a panel out. Guessing is hopeless all the same: 10,000 guesses a second find one of 32¹⁰ codes in 1,800 years.
 */
export function createPairingGate(token: string, options: PairingGateOptions = {}): PairingGate {
  const { maxWaiting = 32, delayMs = 1000 } = options;
  const expected = digest(token);
  let waiting = 0;
  return {
    async judge(typed) {
      // Digests have one length, which timingSafeEqual needs and which hides the token's own.
      if (timingSafeEqual(digest(typed), expected)) return true;
      if (waiting >= maxWaiting) throw tooManyHellos();
      waiting += 1;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      waiting -= 1;
      return false;
    },
  };
}

function digest(code: string): Buffer {
  return createHash('sha256').update(normalisePairingCode(code)).digest();
}

function tooManyHellos(): ProtocolError {
  return new ProtocolError({
    code: 'BUSY',
    message: 'Too many connections are waiting for their pairing code to be checked.',
    hint: 'Wait a minute and connect again.',
    retryable: true,
  });
}
