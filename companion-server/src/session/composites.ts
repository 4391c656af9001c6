import { randomUUID } from 'node:crypto';
import {
  badMessage,
  type ClientMessage,
  fromBytes,
  MAX_TILES_IN_FLIGHT,
  ProtocolError,
  type ServerMessage,
  toBytes,
  type WireChannel,
} from '@emoeditor/shared';
import type { CompositeSettings } from '../compositor/compositor.ts';
import type { Engine } from '../engine/engine.ts';
import { protocolErrorOf } from '../errors.ts';
import type { KeptIteration } from '../jobs/job.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { tileFault } from './admitPixels.ts';

type OpenComposite = Extract<ClientMessage, { type: 'openComposite' }>;
type Tile = Extract<ClientMessage, { type: 'tile' }>;

/** Full-resolution compositing for one connection: open composites and their tiles. */
export interface Composites {
  /** @throws ProtocolError UNKNOWN_JOB, UNKNOWN_ITERATION, BUSY */
  open(message: OpenComposite): void;
  /** Why a tile is refused before its pixels are held, or null (CM2, CM4, CM6). */
  fault(message: Tile): ProtocolError | null;
  tile(message: Tile, bytes: Uint8Array): void;
  close(compositeId: string): void;
  closeAll(): void;
}

export interface CompositesParts {
  readonly channel: WireChannel<ClientMessage, ServerMessage>;
  readonly jobs: Jobs;
  readonly engine: Engine;
  readonly onTile?: (milliseconds: number, bytes: number) => void;
}

interface Composite {
  readonly id: string;
  readonly iteration: KeptIteration;
  readonly settings: CompositeSettings;
  readonly extent: OpenComposite['extent'];
  readonly controller: AbortController;
  /** Tiles received and not yet answered. */
  unanswered: number;
  /** Answers go out in the order in which the tiles came (CM3). */
  line: Promise<void>;
}

/** Open at once on one connection: documents and intensities a user can look at, with room. */
const MAX_OPEN = 16;

export function createComposites(parts: CompositesParts): Composites {
  const { channel, jobs } = parts;
  const composites = new Map<string, Composite>();

  function refuse({ id: compositeId, controller }: Composite, error: unknown): void {
    if (controller.signal.aborted) return;
    channel.send({ type: 'error', compositeId, error: protocolErrorOf(error).toWire() });
  }

  return {
    open({ requestId, jobId, iteration, intensity, elements, part, grain, extent }) {
      const kept = jobs.iterationOf(jobId, iteration);
      if (composites.size >= MAX_OPEN) throw tooManyComposites();
      const id = randomUUID();
      composites.set(id, {
        id,
        iteration: kept,
        settings: { intensity, part, grain, ...(elements === undefined ? {} : { elements }) },
        extent,
        controller: new AbortController(),
        unanswered: 0,
        line: Promise.resolve(),
      });
      channel.send({ type: 'compositeOpened', requestId, compositeId: id });
    },
    fault({ compositeId, bounds, pixels }) {
      const composite = composites.get(compositeId);
      if (composite === undefined) return notOpen(compositeId);
      if (composite.unanswered >= MAX_TILES_IN_FLIGHT) return tooManyTiles();
      return tileFault(bounds, pixels, composite.extent);
    },
    tile(message, bytes) {
      const composite = composites.get(message.compositeId);
      // Closed while its pixels were on their way.
      if (composite === undefined) return;
      // Streams announced together were all admitted before any of them arrived, so check again.
      if (composite.unanswered >= MAX_TILES_IN_FLIGHT) return refuse(composite, tooManyTiles());
      composite.unanswered += 1;
      const ready = answer(parts, composite, message, bytes);
      ready.catch(() => {});
      composite.line = composite.line
        .then(async () => (await ready)())
        .catch((error: unknown) => refuse(composite, error))
        .finally(() => {
          composite.unanswered -= 1;
        });
    },
    close(compositeId) {
      composites.get(compositeId)?.controller.abort();
      composites.delete(compositeId);
    },
    closeAll() {
      for (const { controller } of composites.values()) controller.abort();
      composites.clear();
    },
  };
}

/** Composites a tile; the returned function sends the answer when all earlier answers were sent. */
async function answer(
  { jobs, engine, channel, onTile }: CompositesParts,
  { iteration, extent, settings, controller }: Composite,
  { compositeId, bounds, pixels }: Tile,
  bytes: Uint8Array,
): Promise<() => Promise<void>> {
  const started = performance.now();
  const fit = await jobs.fitOf(iteration, pixels.profile);
  const done = await engine.composite(fit, fromBytes(pixels, bytes), { bounds, extent }, settings);
  onTile?.(performance.now() - started, bytes.byteLength);
  return () =>
    channel.sendWithBytes(
      (stream) => ({ type: 'tileDone', compositeId, bounds, pixels: done.format, stream }),
      toBytes(done),
      controller.signal,
    );
}

const notOpen = (id: string) =>
  badMessage(`Expected the id of an open composite but “${id}” is not open on this connection.`);

const tooManyTiles = () =>
  new ProtocolError({
    code: 'BUSY',
    message: `Expected at most ${MAX_TILES_IN_FLIGHT} tiles without an answer in one composite.`,
    hint: 'Wait for an answer before the next tile.',
    retryable: true,
  });

const tooManyComposites = () =>
  new ProtocolError({
    code: 'BUSY',
    message: `Expected at most ${MAX_OPEN} open composites on one connection.`,
    hint: 'Close one that is no longer needed.',
    retryable: true,
  });
