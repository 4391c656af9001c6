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
import { connectionLost, sendFailure } from './connectionErrors.ts';
import type { ClientChannel } from './handshake.ts';

const TILE_TIMEOUT_MS = 60_000;
/** How long a composite waits for its server to come back. Photoshop is held meanwhile; Escape ends it. */
const RECONNECT_GRACE_MS = 20_000;
/** One tile on its way there and one on its way back; the server would take MAX_TILES_IN_FLIGHT. */
const TILES_IN_FLIGHT = 2;

/** Asks the server on that connection to open it. @returns its id there */
export type OpenOn = (channel: ClientChannel) => Promise<string>;

export interface RemoteCompositeOptions {
  readonly open: OpenOn;
  readonly signal: CancelSignal;
  readonly clock: Clock;
  readonly onClosed: () => void;
}

interface Waiting {
  readonly tile: Tile;
  stopTimer(): void;
  resolve(tile: Tile): void;
  reject(error: unknown): void;
}

/**
 * One composite on the server, opened again where a connection was dropped: what had no answer yet is sent once more.
 * Tiles are answered in the order in which they went (CM3).
 */
export class RemoteComposite implements Composite {
  readonly maxInFlight = TILES_IN_FLIGHT;
  readonly #options: RemoteCompositeOptions;
  readonly #waiting: Waiting[] = [];
  #channel: ClientChannel | null = null;
  /** Null while it is not open on the connection. */
  #id: string | null = null;
  #failure: Error | null = null;
  #stopGrace: () => void = () => {};

  constructor(options: RemoteCompositeOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', this.#onAbort);
  }

  get id(): string | null {
    return this.#id;
  }

  /** Opens it on a connection, the first or another. @throws what the server refuses it with, once it has failed */
  async attach(channel: ClientChannel): Promise<void> {
    this.#stopGrace();
    this.#channel = channel;
    try {
      const id = await this.#options.open(channel);
      // The connection was dropped again meanwhile: the next one opens it.
      if (this.#channel !== channel) return;
      this.#id = id;
      for (const waiting of this.#waiting) this.#send(channel, id, waiting);
    } catch (error) {
      if (this.#channel === channel) this.fail(error as Error);
    }
    if (this.#failure !== null) throw this.#failure;
  }

  /** The connection went away. */
  detach(): void {
    const { clock } = this.#options;
    this.#channel = null;
    this.#id = null;
    for (const { stopTimer } of this.#waiting) stopTimer();
    this.#stopGrace = clock.after(RECONNECT_GRACE_MS, () => this.fail(connectionLost()));
  }

  apply(tile: Tile): Promise<Tile> {
    return new Promise<Tile>((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#failure);
      const waiting: Waiting = { tile, stopTimer: () => {}, resolve, reject };
      this.#waiting.push(waiting);
      if (this.#channel !== null && this.#id !== null) {
        this.#send(this.#channel, this.#id, waiting);
      }
    });
  }

  onTile(bounds: Bounds, format: PixelFormat, bytes: Uint8Array): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    next.stopTimer();
    const expected = next.tile.bounds;
    if (sameBounds(expected, bounds)) next.resolve({ bounds, pixels: fromBytes(format, bytes) });
    else next.reject(outOfOrder(expected, bounds));
  }

  fail(error: Error | WireError): void {
    this.#failure ??= error instanceof Error ? error : new ProtocolError(error);
    this.#stopGrace();
    for (const { stopTimer, reject } of this.#waiting.splice(0)) {
      stopTimer();
      reject(this.#failure);
    }
  }

  close(): void {
    const { signal, onClosed } = this.#options;
    signal.removeEventListener('abort', this.#onAbort);
    if (this.#id !== null) this.#channel?.send({ type: 'closeComposite', compositeId: this.#id });
    this.fail(cancelled());
    onClosed();
  }

  readonly #onAbort = (): void => this.fail(cancelled());

  #send(channel: ClientChannel, compositeId: string, waiting: Waiting): void {
    const { signal, clock } = this.#options;
    const { bounds, pixels } = waiting.tile;
    waiting.stopTimer();
    waiting.stopTimer = clock.after(TILE_TIMEOUT_MS, () => this.fail(tooSlow()));
    channel
      .sendWithBytes(
        (stream) => ({ type: 'tile', compositeId, bounds, pixels: pixels.format, stream }),
        toBytes(pixels),
        signal,
      )
      .catch((error: unknown) => {
        // A dropped connection is waited out.
        if (signal.aborted) this.fail(cancelled());
        else if (!channel.isClosed) this.fail(sendFailure(error) as Error);
      });
  }
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
