import { ProtocolError } from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';
import type { Companion, ServerIdentity } from '../client/companion.ts';
import { notConnected, notPaired } from '../client/connectionErrors.ts';
import type { Clock } from '../clock.ts';
import { throwIfCancelled } from '../errors.ts';

/** How long a step waits for the connection: Photoshop and the server may have been started for this very batch. */
const PATIENCE_MS = 30_000;
/** Between two looks at whether the step was cancelled. */
const LOOK_MS = 500;

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
  for (let waited = 0; waited < PATIENCE_MS; ) {
    throwIfCancelled(signal);
    const { connection } = companion;
    if (connection.kind === 'ready') return connection.server;
    if (connection.kind === 'pairing') throw notPaired();
    if (connection.kind === 'refused') throw new ProtocolError(connection.error);
    const hasChanged = await changeWithin(companion, clock, LOOK_MS);
    if (!hasChanged) waited += LOOK_MS;
  }
  throw notConnected();
}

/** Whether the connection changed before so much time was over; resolves as soon as it does. */
function changeWithin(companion: Companion, clock: Clock, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (hasChanged: boolean) => {
      unwatch();
      callOff();
      resolve(hasChanged);
    };
    const unwatch = companion.watch(() => end(true));
    const callOff = clock.after(milliseconds, () => end(false));
  });
}
