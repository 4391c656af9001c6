import { CancelController, type CancelSignal } from '../cancellation.ts';
import { asKnownError, type KnownError } from '../errors.ts';
import type { HostInfo, MachineEvent } from '../host/hostPort.ts';
import { applySelected } from './applySelected.ts';
import { readChoices, writeChoices } from './choicesStore.ts';
import { allResults, bannedForAnother, clickedLayer, resultOfLayer } from './keptResults.ts';
import { rememberEdit } from './lastEdit.ts';
import { panelReducer } from './panelReducer.ts';
import {
  type Applied,
  type Choices,
  initialState,
  isBusy,
  type Notice,
  type Result,
  resultOf,
  sceneOf,
} from './panelState.ts';
import { PictureKeeper, picturesIn } from './pictureKeeper.ts';
import { PlanSession } from './planSession.ts';
import { LayerReader } from './readLayerEmotion.ts';
import { recordEdit } from './recordEdit.ts';
import { ResultReader } from './resultReader.ts';
import { runEdit } from './runEdit.ts';
import type { PanelStore, SessionPorts } from './sessionPorts.ts';
import { createStore } from './store.ts';

/** What the user can do, and the state that it leads to. Knows no React and no Photoshop. */
export class PanelSession {
  readonly store: PanelStore;
  /** Several layers at once. */
  readonly plan: PlanSession;
  readonly #ports: SessionPorts;
  readonly #reader: LayerReader;
  readonly #results: ResultReader;
  readonly #pictures: PictureKeeper;
  #controller: CancelController | null = null;
  #clicked: string | null = null;
  /** False while the panel is hidden or the machine asleep. */
  #isWatched = true;
  #unwatch: (() => void)[] = [];

  constructor(ports: Omit<SessionPorts, 'store'>) {
    this.store = createStore(initialState(readChoices(ports.settings)), panelReducer);
    this.#ports = { ...ports, store: this.store };
    this.#reader = new LayerReader(this.#ports);
    this.#results = new ResultReader(this.#ports);
    this.#pictures = new PictureKeeper(ports.host);
    this.plan = new PlanSession(ports);
  }

  /** Begins to follow the host and the server. */
  start(): void {
    const { host, companion } = this.#ports;
    this.#unwatch = [
      host.watch(() => this.#lookAtLayer()),
      host.watchMachine((event) => this.#lookAtMachine(event)),
      companion.watch(() => this.#lookAtConnection()),
      this.store.subscribe(() => this.#results.refresh()),
      this.store.subscribe(() => this.#keepPictures()),
      this.plan.store.subscribe(() => this.#keepPictures()),
    ];
    this.#lookAtConnection();
    this.#lookAtLayer();
  }

  stop(): void {
    for (const unwatch of this.#unwatch) unwatch();
    this.#controller?.abort();
    this.#reader.forget();
    this.#results.stop();
    this.plan.stop();
  }

  choose(choices: Partial<Choices>): void {
    this.store.dispatch({ type: 'chosen', choices });
    writeChoices(this.#ports.settings, this.store.state.choices);
    if (choices.source !== undefined) this.#lookAtLayer();
  }

  pair(code: string): Promise<void> {
    return this.#ports.companion.pair(code);
  }

  get hostInfo(): HostInfo {
    return this.#ports.host.info;
  }

  /** The only port to look at for the server; null when all are. */
  get port(): number | null {
    return this.#ports.companion.port;
  }

  choosePort(port: number | null): void {
    this.#ports.companion.choosePort(port);
  }

  lookForServer(): void {
    this.#ports.companion.lookNow();
  }

  /** Reads the active layer again, e.g. after painting on it. */
  readAgain(): void {
    this.#reader.forget();
    this.#reader.refresh();
  }

  select(index: number): void {
    this.store.dispatch({ type: 'frameSelected', index });
  }

  /** Looks at another result of the same layer. */
  showResult(jobId: string): void {
    const result = this.store.state.kept.find((one) => one.jobId === jobId);
    if (result === undefined || isBusy(this.store.state.run)) return;
    this.#show(result, result.applied);
    this.#lookAtLayer();
  }

  dismissNotice(): void {
    this.store.dispatch({ type: 'noticeDismissed' });
  }

  /** Shows what went wrong outside the panel, e.g. in a menu command. */
  showError(thrown: unknown): void {
    const error = asKnownError(thrown);
    if (error.code === 'CANCELLED' || isBusy(this.store.state.run)) return;
    this.store.dispatch({ type: 'stopped', error, retry: null });
  }

  /** Photoshop sends no notifications during a modal scope, so re-read the layer. */
  lookAgain(): void {
    this.#lookAtLayer();
  }

  cancel(): void {
    if (this.#controller === null) return;
    this.store.dispatch({ type: 'cancelRequested' });
    this.plan.cancelRequested();
    this.#controller.abort();
  }

  /** Runs the edit and, when it was not cancelled, applies the iteration that it settled on. */
  evoke(): Promise<void> {
    return this.#evoke((choices) => choices);
  }

  /** The same with another scene than those that edits of this layer had for the emotion. */
  evokeAnother(): Promise<void> {
    this.choose({ instruction: 'auto' });
    const banned = bannedForAnother(this.store.state);
    return this.#evoke((choices) => ({ ...choices, banned }));
  }

  #evoke(chosen: (choices: Choices) => Choices): Promise<void> {
    return this.#exclusively('edit', async (signal) => {
      await runEdit(this.#ports, signal, chosen(this.store.state.choices));
      if (signal.aborted) return;
      await applySelected(this.#ports, signal);
      const choices = chosen(this.store.state.choices);
      rememberEdit(this.#ports.settings, choices);
      const result = resultOf(this.store.state.run);
      const plan = result && sceneOf(result, result.selected);
      await recordEdit(this.#ports.host, plan === null ? choices : { ...choices, plan });
    });
  }

  /** Applies the selected iteration at the chosen intensity. */
  apply(): Promise<void> {
    return this.#exclusively('apply', (signal) => applySelected(this.#ports, signal));
  }

  /** Runs what is left of the plan. */
  runPlan(): Promise<void> {
    this.store.dispatch({ type: 'noticeDismissed' });
    return this.#exclusively(null, (signal) => this.plan.run(this.store.state.choices, signal));
  }

  /** Begins a new plan with the layers that are selected now. */
  clearPlan(): void {
    this.plan.close();
    this.plan.look(this.store.state.choices);
    this.#read();
  }

  retry(): Promise<void> {
    const { notice } = this.store.state;
    return notice?.retry === 'apply' ? this.apply() : this.evoke();
  }

  /** One piece of work at a time; whatever it throws becomes the notice. */
  async #exclusively(
    retry: Notice['retry'],
    work: (signal: CancelSignal) => Promise<void>,
  ): Promise<void> {
    if (isBusy(this.store.state.run) || this.#controller !== null) return;
    const controller = new CancelController();
    this.#controller = controller;
    try {
      await work(controller.signal);
    } catch (thrown) {
      const error = asKnownError(thrown, controller.signal);
      this.store.dispatch({
        type: 'stopped',
        error: error.code === 'CANCELLED' ? null : error,
        retry: error.retryable && retry !== null ? this.#again(error) : null,
      });
    } finally {
      this.#controller = null;
      // Photoshop sent no notifications during the modal scope.
      this.#lookAtLayer();
    }
  }

  /** What helps: applying what there is, or the whole edit when there is nothing to apply. */
  #again({ code }: KnownError): Notice['retry'] {
    const hasResult = resultOf(this.store.state.run) !== null;
    return hasResult && code !== 'UNKNOWN_JOB' ? 'apply' : 'edit';
  }

  #lookAtLayer(): void {
    const { host } = this.#ports;
    this.store.dispatch({
      type: 'layerChanged',
      active: host.activeLayer(this.store.state.choices.source),
    });
    this.plan.look(this.store.state.choices);
    this.#lookAtClick();
    const result = resultOf(this.store.state.run);
    if (result !== null) {
      const { documentId } = result.subject.layer;
      const applied = result.everApplied.find(({ layerId }) => host.hasLayer(documentId, layerId));
      this.store.dispatch({ type: 'appliedFound', applied: applied ?? null });
    }
    this.#read();
  }

  /** Another layer was clicked: its own result is shown, at the strength that it shows it with. */
  #lookAtClick(): void {
    const { active, run } = this.store.state;
    const clicked = clickedLayer(active);
    if (isBusy(run) || clicked === this.#clicked) return;
    this.#clicked = clicked;
    const found = resultOfLayer(allResults(this.store.state), active);
    if (found !== null) this.#show(found.result, found.applied);
  }

  #show({ jobId, subject }: Result, applied: Applied | null): void {
    this.store.dispatch({ type: 'resultShown', jobId });
    if (applied === null) return;
    const { intensity, elements, kind: result } = applied;
    const { target } = subject;
    this.store.dispatch({ type: 'chosen', choices: { target, intensity, elements, result } });
  }

  /** Nobody looks at a hidden panel: its readings wait. After a sleep timers may be late: the server is looked for now. */
  #lookAtMachine(event: MachineEvent): void {
    this.#isWatched = event === 'shown' || event === 'awake';
    if (this.#isWatched) {
      this.#ports.companion.lookNow();
      this.#lookAtLayer();
    } else {
      this.#reader.forget();
      this.plan.stop();
    }
  }

  #read(): void {
    if (!this.#isWatched) return;
    this.#reader.refresh();
    this.plan.readRows();
  }

  #keepPictures(): void {
    this.#pictures.keep(picturesIn(this.store.state, this.plan.store.state));
  }

  #lookAtConnection(): void {
    this.store.dispatch({
      type: 'connectionChanged',
      connection: this.#ports.companion.connection,
    });
    this.#read();
  }
}
