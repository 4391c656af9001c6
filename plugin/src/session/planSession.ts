import type { CancelSignal } from '../cancellation.ts';
import type { Companion } from '../client/companion.ts';
import type { Clock } from '../clock.ts';
import type { HostPort } from '../host/hostPort.ts';
import type { SettingsStore } from '../host/settingsStore.ts';
import { EMPTY_PLAN, type PlanRow, type PlanSettings } from './editPlan.ts';
import type { Choices } from './panelState.ts';
import { PlanReader } from './planReader.ts';
import { planReducer } from './planReducer.ts';
import { type PlanStore, runPlan } from './runPlan.ts';
import { createStore } from './store.ts';

const KEY = 'plan';

interface Ports {
  readonly host: HostPort;
  readonly companion: Companion;
  readonly settings: SettingsStore;
  readonly clock: Clock;
}

/** What the user can do with a plan. */
export class PlanSession {
  readonly store: PlanStore;
  readonly #ports: Ports;
  readonly #reader: PlanReader;

  constructor(ports: Ports) {
    this.#ports = ports;
    this.store = createStore(
      { ...EMPTY_PLAN, settings: readSettings(ports.settings) },
      planReducer,
    );
    this.#reader = new PlanReader({ ...ports, store: this.store });
  }

  /** Takes over which layers are selected now. */
  look(choices: Choices): void {
    const layers = this.#ports.host.selectedLayers();
    if (layers.length < 2 && this.store.state.rows.length === 0) return;
    this.store.dispatch({ type: 'layersSelected', layers, choices });
  }

  /** Reads the layers that were not read yet, where the server is there. */
  readRows(): void {
    this.#reader.refresh();
  }

  stop(): void {
    this.#reader.stop();
  }

  chooseRow(
    key: string,
    change: Partial<Pick<PlanRow, 'target' | 'intensity' | 'isIncluded'>>,
  ): void {
    this.#forget(key);
    this.store.dispatch({ type: 'rowChosen', key, change });
  }

  chooseSettings(settings: PlanSettings): void {
    this.#ports.settings.write(KEY, JSON.stringify(settings));
    this.store.dispatch({ type: 'settingsChosen', settings });
  }

  /** @throws KnownError when the list cannot go on; it can be run again */
  async run(choices: Choices, signal: CancelSignal): Promise<void> {
    this.store.dispatch({ type: 'started' });
    this.#reader.stop();
    try {
      await runPlan({ ...this.#ports, store: this.store }, choices, signal);
    } finally {
      this.store.dispatch({ type: 'ended' });
      this.readRows();
    }
  }

  cancelRequested(): void {
    this.store.dispatch({ type: 'cancelRequested' });
  }

  close(): void {
    for (const { key } of this.store.state.rows) this.#forget(key);
    this.store.dispatch({ type: 'closed' });
  }

  /** Lets the server forget an edit that nobody will write any more. */
  #forget(key: string): void {
    const row = this.store.state.rows.find((one) => one.key === key);
    if (row?.status.kind === 'edited') this.#ports.companion.release(row.status.edit.jobId);
  }
}

function readSettings(settings: SettingsStore): PlanSettings {
  try {
    const stored: unknown = JSON.parse(settings.read(KEY) ?? '{}');
    const isOne =
      typeof stored === 'object' && stored !== null && 'steps' in stored && stored.steps === 'one';
    return { steps: isOne ? 'one' : 'each' };
  } catch {
    return EMPTY_PLAN.settings;
  }
}
