import { CancelController } from '../cancellation.ts';
import type { Clock } from '../clock.ts';
import type { EditableLayer } from '../host/hostPort.ts';
import { type ReadingPorts, readLayer } from './readLayerEmotion.ts';
import type { PlanStore } from './runPlan.ts';

/** Long enough that selecting one layer after another begins with the last. */
const SETTLE_MS = 350;

interface Ports extends ReadingPorts {
  readonly clock: Clock;
  readonly store: PlanStore;
}

/** Reads the layers of a plan, one after another, while nothing else is done. */
export class PlanReader {
  readonly #ports: Ports;
  /** Layers that were tried: what fails is not tried again. */
  readonly #tried = new Set<string>();
  #controller: CancelController | null = null;
  #stopTimer: () => void = () => {};

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** Looks whether there is something to read. Cheap: call it after every change. */
  refresh(): void {
    const { companion, store } = this.#ports;
    if (store.state.isRunning || companion.connection.kind !== 'ready' || this.#next() === null) {
      this.stop();
      return;
    }
    if (this.#controller !== null) return;
    this.#controller = new CancelController();
    const { signal } = this.#controller;
    this.#stopTimer = this.#ports.clock.after(SETTLE_MS, () => void this.#read(signal));
  }

  stop(): void {
    this.#stopTimer();
    this.#controller?.abort();
    this.#controller = null;
  }

  async #read(signal: CancelController['signal']): Promise<void> {
    for (let row = this.#next(); row !== null && !signal.aborted; row = this.#next()) {
      const { key, layer } = row;
      this.#tried.add(nameOf(layer));
      try {
        const reading = await readLayer(this.#ports, layer, signal);
        if (!signal.aborted)
          this.#ports.store.dispatch({ type: 'rowRead', key, shape: layer.bounds, ...reading });
      } catch {
        // Nobody asked for it.
      }
      // Interrupted, not failed.
      if (signal.aborted) this.#tried.delete(nameOf(layer));
    }
    if (!signal.aborted) this.#controller = null;
  }

  #next(): { readonly key: string; readonly layer: EditableLayer } | null {
    for (const { key, layer, before } of this.#ports.store.state.rows) {
      // What Photoshop has to draw first takes a duplicate: not for a reading that nobody asked for.
      const isCheap = layer !== null && layer.kind !== 'drawn';
      if (isCheap && before === null && !this.#tried.has(nameOf(layer))) return { key, layer };
    }
    return null;
  }
}

const nameOf = ({ documentId, layerId, bounds }: EditableLayer): string =>
  [documentId, layerId, bounds.width, bounds.height].join('/');
