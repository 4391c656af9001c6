import type { Clock } from '../clock.ts';
import type { ClientChannel } from './handshake.ts';

const PING_EVERY_MS = 12_000;
/** An engine that starts can hold a small machine for seconds; the server itself answers at once. */
const ANSWER_WITHIN_MS = 15_000;
/** A timer that fires later than this shows that Photoshop's thread was blocked. */
const LATE_MS = 3_000;

/** Pings, and closes a connection whose other side has fallen silent: sockets can die without a word. */
export function keepAlive(channel: ClientChannel, clock: Clock): { heard(): void; stop(): void } {
  let nonce = 0;
  let cancelTimer = (): void => {};
  const ping = () => {
    nonce += 1;
    channel.send({ type: 'ping', nonce });
    const due = clock.now() + ANSWER_WITHIN_MS;
    cancelTimer = clock.after(ANSWER_WITHIN_MS, () => {
      // Photoshop's thread was blocked: an answer may have arrived and not been read yet, so ask again.
      if (clock.now() - due > LATE_MS) ping();
      else channel.close(1001, 'no answer to a ping');
    });
  };
  const later = () => {
    cancelTimer = clock.after(PING_EVERY_MS, ping);
  };
  later();
  return {
    heard() {
      cancelTimer();
      later();
    },
    stop: () => cancelTimer(),
  };
}
