import { ProtocolError } from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';
import type { Companion, ServerIdentity } from '../client/companion.ts';
import { notConnected, notPaired } from '../client/connectionErrors.ts';
import { type Clock, sleep } from '../clock.ts';
import { throwIfCancelled } from '../errors.ts';

/** How long a step waits for the connection: Photoshop and the server may have been started for this very batch. */
const CONNECT_TRIES = 60;
const CONNECT_PAUSE_MS = 500;

/**
 * The server, as soon as it answers. What only a person can mend fails at once.
 * @throws PluginError NOT_CONNECTED, NOT_PAIRED, CANCELLED; ProtocolError when the server refuses this panel
 */
export async function awaitServer(
  companion: Companion,
  clock: Clock,
  signal: CancelSignal,
): Promise<ServerIdentity> {
  if (companion.connection.kind === 'absent') companion.lookNow();
  for (let attempt = 0; attempt < CONNECT_TRIES; attempt += 1) {
    throwIfCancelled(signal);
    const { connection } = companion;
    if (connection.kind === 'ready') return connection.server;
    if (connection.kind === 'pairing') throw notPaired();
    if (connection.kind === 'refused') throw new ProtocolError(connection.error);
    await sleep(clock, CONNECT_PAUSE_MS);
  }
  throw notConnected();
}
