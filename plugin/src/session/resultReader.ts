import { CancelController, type CancelSignal } from '../cancellation.ts';
import { resultOf } from './panelState.ts';
import type { SessionPorts } from './sessionPorts.ts';

/** Long enough that a slider on its way asks for one reading only. */
const SETTLE_MS = 200;

/** Keeps the reading of a result up to date: that of the selected iteration at the chosen intensity. */
export class ResultReader {
  readonly #ports: SessionPorts;
  #key: string | null = null;
  #controller = new CancelController();
  #stopTimer: () => void = () => {};

  constructor(ports: SessionPorts) {
    this.#ports = ports;
  }

  /** Looks whether there is something to read. Cheap: call it after every change. */
  refresh(): void {
    const { run, choices, connection } = this.#ports.store.state;
    const result = resultOf(run);
    const { intensity } = choices;
    // At 100 % the report of the iteration says it.
    if (result === null || intensity === 100 || connection.kind !== 'ready') {
      this.stop();
      return;
    }
    const layer = { jobId: result.jobId, iteration: result.selected, intensity };
    const key = [layer.jobId, layer.iteration, intensity].join('/');
    if (key === this.#key) return;
    this.stop();
    this.#key = key;
    const controller = new CancelController();
    this.#controller = controller;
    this.#stopTimer = this.#ports.clock.after(SETTLE_MS, () => {
      void this.#read(layer, controller.signal);
    });
  }

  stop(): void {
    this.#stopTimer();
    this.#controller.abort();
    this.#key = null;
  }

  async #read(
    layer: { readonly jobId: string; readonly iteration: number; readonly intensity: number },
    signal: CancelSignal,
  ): Promise<void> {
    const { companion, store } = this.#ports;
    try {
      const asked = { ...layer, intensity: layer.intensity / 100 };
      const distribution = await companion.readLayer(asked, signal);
      if (!signal.aborted)
        store.dispatch({ type: 'layerRead', reading: { ...layer, distribution } });
    } catch {
      // Nobody asked for it: the figures stay marked as those of 100 %.
    }
  }
}
