import { createHash, timingSafeEqual } from 'node:crypto';
import { normalisePairingCode, ProtocolError } from '@emoeditor/shared';

/** Judges tokens slowly enough that guessing is hopeless, and the right one at once (SE4). */
export interface PairingGate {
  /** @throws ProtocolError BUSY when too many wait to be judged */
  judge(typed: string): Promise<boolean>;
}

export interface PairingGateOptions {
  /** Hellos judged at a time. */
  readonly slots?: number;
  /** Hellos that may wait for a slot. */
  readonly maxWaiting?: number;
  /** How long a wrong token occupies its slot: 4 slots and 1 s make 4 guesses a second of 32¹⁰ codes. */
  readonly delayMs?: number;
}

export function createPairingGate(token: string, options: PairingGateOptions = {}): PairingGate {
  const { slots = 4, maxWaiting = 64, delayMs = 1000 } = options;
  const expected = digest(token);
  const waiting: Array<() => void> = [];
  let judging = 0;

  async function takeSlot(): Promise<void> {
    if (judging < slots) {
      judging += 1;
      return;
    }
    if (waiting.length >= maxWaiting) throw tooManyHellos();
    // The slot is handed over, so `judging` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function giveSlot(): void {
    const next = waiting.shift();
    if (next === undefined) judging -= 1;
    else next();
  }

  return {
    async judge(typed) {
      await takeSlot();
      try {
        // Digests have one length, which timingSafeEqual needs and which hides the token's own.
        const isRight = timingSafeEqual(digest(typed), expected);
        if (!isRight) await new Promise((resolve) => setTimeout(resolve, delayMs));
        return isRight;
      } finally {
        giveSlot();
      }
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
