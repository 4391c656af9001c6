import { type EmotionVector, workingExtent } from '@emoeditor/shared';
import { CancelController, type CancelSignal } from '../cancellation.ts';
import { notConnected } from '../client/connectionErrors.ts';
import type { EditableLayer } from '../host/hostPort.ts';
import { wholeLayer } from './editRegion.ts';
import type { SessionPorts } from './sessionPorts.ts';

/** Long enough that clicking through layers asks for one reading only. */
const SETTLE_MS = 350;

/** Keeps the reading of the active layer up to date: once per layer and size, and never during an edit. */
export class LayerReader {
  readonly #ports: SessionPorts;
  #key: string | null = null;
  #controller = new CancelController();
  #stopTimer: () => void = () => {};

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  /** Looks whether another layer needs reading. Cheap: call it after every change. */
  refresh(): void {
    const { active, connection, run } = this.#ports.store.state;
    const isIdle = run.kind === 'idle' || run.kind === 'ended';
    // What Photoshop has to draw first takes a duplicate: not for a reading that nobody asked for.
    const isCheap = active.kind === 'editable' && active.layer.kind !== 'drawn';
    if (connection.kind !== 'ready' || active.kind !== 'editable' || !isCheap) {
      this.forget();
      return;
    }
    const key = keyOf(active.layer, connection.server.bundle.id);
    if (!isIdle || key === this.#key) return;
    this.forget();
    this.#key = key;
    const { layer } = active;
    const controller = new CancelController();
    this.#controller = controller;
    this.#stopTimer = this.#ports.clock.after(SETTLE_MS, () => {
      void this.#read(layer, controller.signal);
    });
  }

  /** Drops the reading, so that the next refresh reads again. */
  forget(): void {
    this.#stopTimer();
    this.#controller.abort();
    this.#key = null;
    const { store } = this.#ports;
    if (store.state.reading.kind !== 'none') {
      store.dispatch({ type: 'readingChanged', reading: { kind: 'none' } });
    }
  }

  async #read(layer: EditableLayer, signal: CancelSignal): Promise<void> {
    const { store } = this.#ports;
    store.dispatch({ type: 'readingChanged', reading: { kind: 'reading' } });
    try {
      const reading = await readLayer(this.#ports, layer, signal);
      if (signal.aborted) return;
      store.dispatch({ type: 'readingChanged', reading: { kind: 'read', ...reading } });
    } catch {
      // A reading nobody asked for is not worth an error: Photoshop busy, layer gone, server away.
      if (signal.aborted) return;
      this.#key = null;
      store.dispatch({ type: 'readingChanged', reading: { kind: 'none' } });
    }
  }
}

export type ReadingPorts = Pick<SessionPorts, 'host' | 'companion'>;

/**
 * What the predictor makes of a whole layer, and its picture.
 * @throws ProtocolError, PluginError
 */
export async function readLayer(
  { host, companion }: ReadingPorts,
  layer: EditableLayer,
  signal: CancelSignal,
): Promise<{ readonly distribution: EmotionVector; readonly picture: string }> {
  const { connection } = companion;
  if (connection.kind !== 'ready') throw notConnected();
  const { workingArea, sizeMultiple } = connection.server.bundle;
  const extent = workingExtent(layer.bounds, workingArea, sizeMultiple);
  const { pixels, picture } = await host.captureProxy(layer, wholeLayer(layer), extent, signal);
  return { distribution: await companion.predict(pixels, signal), picture };
}

function keyOf({ documentId, layerId, bounds }: EditableLayer, bundle: string): string {
  return [documentId, layerId, bounds.width, bounds.height, bundle].join('/');
}
