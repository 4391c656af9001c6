import {
  type Bounds,
  fromBytes,
  type PixelFormat,
  ProtocolError,
  toBytes,
  type WireError,
} from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';
import type { Clock } from '../clock.ts';
import { cancelled, PluginError } from '../errors.ts';
import type { Tile } from '../host/hostPort.ts';
import type { Composite } from './companion.ts';
import { sendFailure } from './connectionErrors.ts';
import type { ClientChannel } from './handshake.ts';

/** One open composite on one connection; tiles are answered in the order in which they went (CM3). */
export interface RemoteComposite extends Composite {
  onTile(bounds: Bounds, format: PixelFormat, bytes: Uint8Array): void;
  fail(error: Error | WireError): void;
}

const TILE_TIMEOUT_MS = 60_000;
/** One tile on its way there and one on its way back; the server would take MAX_TILES_IN_FLIGHT. */
const TILES_IN_FLIGHT = 2;

interface Waiting {
  readonly bounds: Bounds;
  resolve(tile: Tile): void;
  reject(error: unknown): void;
}

export function remoteComposite(
  compositeId: string,
  channel: ClientChannel,
  signal: CancelSignal,
  clock: Clock,
  onClosed: () => void,
): RemoteComposite {
  const waiting: Waiting[] = [];
  let failure: Error | null = null;

  const composite: RemoteComposite = {
    maxInFlight: TILES_IN_FLIGHT,
    apply: ({ bounds, pixels }) =>
      new Promise<Tile>((resolve, reject) => {
        if (failure !== null) return reject(failure);
        const stopTimer = clock.after(TILE_TIMEOUT_MS, () => composite.fail(tooSlow()));
        waiting.push({
          bounds,
          resolve(tile) {
            stopTimer();
            resolve(tile);
          },
          reject(error) {
            stopTimer();
            reject(error);
          },
        });
        channel
          .sendWithBytes(
            (stream) => ({ type: 'tile', compositeId, bounds, pixels: pixels.format, stream }),
            toBytes(pixels),
            signal,
          )
          .catch((error: unknown) =>
            composite.fail(signal.aborted ? cancelled() : (sendFailure(error) as Error)),
          );
      }),
    onTile(bounds, format, bytes) {
      const next = waiting.shift();
      if (next === undefined) return;
      if (!sameBounds(next.bounds, bounds)) {
        next.reject(outOfOrder(next.bounds, bounds));
        return;
      }
      next.resolve({ bounds, pixels: fromBytes(format, bytes) });
    },
    fail(error) {
      failure ??= error instanceof Error ? error : new ProtocolError(error);
      for (const { reject } of waiting.splice(0)) reject(failure);
    },
    close() {
      signal.removeEventListener('abort', onAbort);
      channel.send({ type: 'closeComposite', compositeId });
      composite.fail(cancelled());
      onClosed();
    },
  };
  const onAbort = () => composite.fail(cancelled());
  signal.addEventListener('abort', onAbort);
  return composite;
}

function sameBounds(a: Bounds, b: Bounds): boolean {
  return a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height;
}

function outOfOrder(expected: Bounds, received: Bounds): PluginError {
  const show = ({ left, top, width, height }: Bounds) => `${width}×${height} at (${left}, ${top})`;
  return new PluginError('INTERNAL', {
    message: `Expected the tile ${show(expected)} from the companion server but received ${show(received)}.`,
    hint: 'Apply the result again.',
  });
}

function tooSlow(): PluginError {
  return new PluginError('TIMEOUT', {
    message: `The companion server gave no tile back within ${TILE_TIMEOUT_MS / 1000} seconds.`,
    hint: 'Look at its window for a message, then apply the result again.',
  });
}
