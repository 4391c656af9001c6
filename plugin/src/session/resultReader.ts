import { CancelController, type CancelSignal } from '../cancellation.ts';
import { type LayerReading, resultOf, type Subject, sceneOf } from './panelState.ts';
import { previewLayer } from './previewLayer.ts';
import type { SessionPorts } from './sessionPorts.ts';

/** Long enough that a slider on its way asks for one reading only. */
const SETTLE_MS = 200;

/** Which layer was read. */
type Named = Omit<LayerReading, 'distribution' | 'picture'>;

/** Keeps the reading and the preview of a result up to date: those of the selected iteration at the chosen intensity. */
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
    const scene = result && sceneOf(result, result.selected);
    const elements = scene === null ? 100 : choices.elements;
    // At 100 % the report of the iteration says it.
    const isAsMade = intensity === 100 && elements === 100;
    if (result === null || isAsMade || connection.kind !== 'ready') {
      this.stop();
      return;
    }
    const layer = { jobId: result.jobId, iteration: result.selected, intensity, elements };
    const key = [layer.jobId, layer.iteration, intensity, elements].join('/');
    if (key === this.#key) return;
    this.stop();
    this.#key = key;
    const controller = new CancelController();
    this.#controller = controller;
    this.#stopTimer = this.#ports.clock.after(SETTLE_MS, () => {
      void this.#read(layer, result.subject, controller.signal);
    });
  }

  stop(): void {
    this.#stopTimer();
    this.#controller.abort();
    this.#key = null;
  }

  async #read(layer: Named, subject: Subject, signal: CancelSignal): Promise<void> {
    const { companion, store } = this.#ports;
    try {
      const { jobId, iteration } = layer;
      const strength = layer.elements === 100 ? {} : { elements: layer.elements / 100 };
      const asked = { jobId, iteration, intensity: layer.intensity / 100, ...strength };
      const show = (reading: Pick<LayerReading, 'distribution' | 'picture'>) => {
        if (!signal.aborted)
          store.dispatch({ type: 'layerRead', reading: { ...layer, ...reading } });
      };
      const distribution = await companion.readLayer(asked, signal);
      show({ distribution, picture: null });
      show({ distribution, picture: await previewLayer(this.#ports, subject, asked, signal) });
    } catch {
      // Nobody asked for it: figures and picture stay marked as those of 100 %.
    }
  }
}
