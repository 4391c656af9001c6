import type { CancelSignal } from '@emoeditor/plugin/cancellation.ts';
import type {
  Companion,
  Composite,
  CompositeRequest,
  ConnectionState,
  EndedJob,
  JobObserver,
  LayerAt,
} from '@emoeditor/plugin/client/companion.ts';
import { cancelled, throwIfCancelled } from '@emoeditor/plugin/errors.ts';
import type { EditRequestInput, IterationReport } from '@emoeditor/shared';
import { DISTRIBUTION, IDENTITY, reportOf } from './scriptedServer.ts';

export const READY: ConnectionState = { kind: 'ready', port: 8765, server: IDENTITY };

/** A server that does what the test says. */
export interface ScriptedCompanion extends Companion {
  state: ConnectionState;
  readonly edits: EditRequestInput[];
  readonly composites: CompositeRequest[];
  readonly released: string[];
  predictions: number;
  /** Layers that were asked for by iteration and intensity. */
  readonly layersRead: LayerAt[];
  /** Ends the submitted job; the default makes three iterations and accepts the last. */
  run: (observer: JobObserver, signal: CancelSignal) => Promise<EndedJob>;
  /** Thrown by the tile of that number, counted from 0. */
  failTile: { at: number; error: Error } | null;
  maxWaiting: number;
  changed(): void;
}

export function scriptedCompanion(): ScriptedCompanion {
  const listeners = new Set<() => void>();
  const companion: ScriptedCompanion = {
    state: READY,
    edits: [],
    composites: [],
    released: [],
    predictions: 0,
    layersRead: [],
    failTile: null,
    maxWaiting: 0,
    run: async (observer) => succeed(observer, 3),
    changed: () => {
      for (const listener of listeners) listener();
    },
    get connection() {
      return companion.state;
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async pair() {},
    lookNow() {},
    port: null,
    choosePort() {},
    async predict() {
      companion.predictions += 1;
      return DISTRIBUTION;
    },
    async readLayer(layer) {
      companion.layersRead.push(layer);
      return DISTRIBUTION.map((value) => value * layer.intensity);
    },
    async submit(edit, _proxy, observer, signal) {
      throwIfCancelled(signal);
      companion.edits.push(edit);
      return companion.run(observer, signal);
    },
    async openComposite(request) {
      companion.composites.push(request);
      return compositeOf(companion);
    },
    release: (jobId) => void companion.released.push(jobId),
  };
  return companion;
}

function compositeOf(companion: ScriptedCompanion): Composite {
  let asked = 0;
  let waiting = 0;
  return {
    maxInFlight: 3,
    async apply(tile) {
      const number = asked;
      asked += 1;
      waiting += 1;
      companion.maxWaiting = Math.max(companion.maxWaiting, waiting);
      await Promise.resolve();
      waiting -= 1;
      if (companion.failTile?.at === number) throw companion.failTile.error;
      return { ...tile, pixels: { ...tile.pixels, data: tile.pixels.data.map((v) => v + 1) } };
    },
    close() {},
  };
}

/** Plays a whole job of so many iterations; pTarget falls, so that the last is not the most confident. */
export async function succeed(
  observer: JobObserver,
  count: number,
  jobId = 'j1',
): Promise<EndedJob> {
  const iterations = Array.from({ length: count }, (_, index) =>
    reportOf(index, { pTarget: 0.9 - index / 10 }),
  );
  observer.onEvent({ type: 'queued', position: 0 });
  for (const report of iterations) playIteration(observer, report);
  const end = {
    chosen: count - 1,
    iterations,
    sourceDistribution: DISTRIBUTION,
    unetEvaluations: 4,
    timings: {},
  };
  observer.onEvent({ type: 'succeeded', ...end });
  return { jobId, state: { status: 'succeeded', ...end } };
}

export function playIteration(observer: JobObserver, report: IterationReport): void {
  const extent = { width: 4, height: 2 };
  observer.onEvent({ type: 'iterated', report });
  observer.onPreview(report.index, { mime: 'image/jpeg', extent, bytes: Uint8Array.of(1, 2, 3) });
}

export function rejectWhenAborted(signal: CancelSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(cancelled()));
  });
}
