import type { EmotionVector } from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';
import type { Companion, JobObserver } from '../client/companion.ts';
import { asKnownError, type KnownError, throwIfCancelled } from '../errors.ts';
import type { EditableLayer, HostPort, LayerAddition } from '../host/hostPort.ts';
import { compositeRequestOf, newLayerOf, resultName } from './commitIteration.ts';
import { type CompletedEdit, completeEdit } from './editLayer.ts';
import { type EditPlan, type PlanEvent, type PlanRow, rowsToDo } from './editPlan.ts';
import type { SelectionChoices } from './editRegion.ts';
import type { Choices, Subject } from './panelState.ts';
import { previewLayer } from './previewLayer.ts';
import { etaText, progressText } from './progressText.ts';
import { partsOf, resultAddition } from './resultAddition.ts';
import type { Store } from './store.ts';

export type PlanStore = Store<EditPlan, PlanEvent>;

export interface PlanPorts {
  readonly host: HostPort;
  readonly companion: Companion;
  readonly store: PlanStore;
}

/** After these the next layer would fail in the same way: the list stops and can be resumed. */
const ENDS_THE_LIST: ReadonlySet<KnownError['code']> = new Set([
  'CANCELLED',
  'NOT_CONNECTED',
  'CONNECTION_LOST',
]);

/** After these an edit that ended on the server can no longer be written, and is made anew by the next run. */
const STALE: ReadonlySet<KnownError['code']> = new Set([
  'UNKNOWN_JOB',
  'UNKNOWN_ITERATION',
  'SOURCE_CHANGED',
  'SOURCE_GONE',
]);

type RunChoices = SelectionChoices &
  Pick<Choices, 'mode' | 'seed' | 'result' | 'instruction' | 'banned' | 'elements' | 'aiNote'>;
/** How results are written. */
type Writing = Pick<Choices, 'result' | 'elements' | 'aiNote'>;

type EditableRow = PlanRow & { readonly layer: EditableLayer };

/**
 * Edits the plan's layers one after another. A layer that fails keeps its reason and the others go on; run it again
 * to do what is left. As one history step, nothing is written before every layer succeeded.
 * @throws KnownError CANCELLED, NOT_CONNECTED, CONNECTION_LOST, or what writing the common step threw
 */
export async function runPlan(
  ports: PlanPorts,
  choices: RunChoices,
  signal: CancelSignal,
): Promise<void> {
  const { store } = ports;
  const isOneStep = store.state.settings.steps === 'one';
  for (const row of rowsToDo(store.state) as EditableRow[]) {
    await attempt(ports, row, signal, async () => {
      const edit =
        row.status.kind === 'edited' ? row.status.edit : await editRow(ports, row, choices, signal);
      store.dispatch({ type: 'rowChanged', key: row.key, status: { kind: 'edited', edit } });
      if (!isOneStep) await applyOne(ports, { row, edit }, choices, signal);
    });
  }
  if (!isOneStep) return;
  const left = rowsToDo(store.state) as EditableRow[];
  const ready = left.flatMap((row) =>
    row.status.kind === 'edited' ? [{ row, edit: row.status.edit }] : [],
  );
  if (ready.length === left.length) await applyTogether(ports, ready, choices, signal);
}

/** A row that could not be written is edited anew by the next run, unless it was only cancelled. */
async function applyOne(
  ports: PlanPorts,
  ready: Ready,
  writing: Writing,
  signal: CancelSignal,
): Promise<void> {
  try {
    await applyRows(ports, [ready], writing, signal);
  } catch (thrown) {
    const error = asKnownError(thrown, signal);
    if (error.code !== 'CANCELLED') ports.companion.release(ready.edit.jobId);
    throw error;
  }
}

async function applyTogether(
  ports: PlanPorts,
  ready: readonly Ready[],
  writing: Writing,
  signal: CancelSignal,
): Promise<void> {
  try {
    await applyRows(ports, ready, writing, signal);
  } catch (thrown) {
    const error = asKnownError(thrown, signal);
    if (STALE.has(error.code)) {
      for (const { row, edit } of ready) {
        ports.companion.release(edit.jobId);
        ports.store.dispatch({ type: 'rowChanged', key: row.key, status: { kind: 'waiting' } });
      }
    }
    throw error;
  }
}

async function attempt(
  { store }: PlanPorts,
  row: EditableRow,
  signal: CancelSignal,
  work: () => Promise<void>,
): Promise<void> {
  try {
    throwIfCancelled(signal);
    await work();
  } catch (thrown) {
    const error = asKnownError(thrown, signal);
    if (error.code !== 'CANCELLED') store.dispatch({ type: 'rowFailed', key: row.key, error });
    if (ENDS_THE_LIST.has(error.code)) throw error;
  }
}

async function editRow(
  ports: PlanPorts,
  { key, layer, target, intensity }: EditableRow,
  choices: RunChoices,
  signal: CancelSignal,
): Promise<CompletedEdit> {
  const { store, host } = ports;
  const pictures = new Map<number, string>();
  const preview = (picture: string) => store.dispatch({ type: 'rowPreviewed', key, picture });
  const show = (fraction: number, text: string, eta = '') =>
    store.dispatch({ type: 'rowChanged', key, status: { kind: 'editing', fraction, text, eta } });
  show(0, 'Reading the layer');
  let captured: Subject | null = null;
  const read = (distribution: EmotionVector | null) => {
    if (captured === null) return;
    const { before: picture, region } = captured;
    store.dispatch({ type: 'rowRead', key, picture, shape: region.bounds, distribution });
  };
  const onCaptured = (subject: Subject) => {
    captured = subject;
    read(null);
  };
  const observer: JobObserver = {
    onEvent(event) {
      if (event.type === 'succeeded') read(event.sourceDistribution);
      if (event.type !== 'progressed') return;
      const { progress } = event;
      show(progress.fraction, progressText(progress), etaText(progress.etaMs));
    },
    onPreview(index, { mime, bytes }) {
      const picture = host.pictureOfFile(mime, bytes);
      pictures.set(index, picture);
      preview(picture);
    },
  };
  const edit = { layer, choices: { ...choices, target }, observer, onCaptured };
  const completed = await completeEdit(ports, edit, signal);
  const { jobId, iteration, subject } = completed;
  const chosen = pictures.get(iteration);
  if (chosen !== undefined) preview(chosen);
  if (intensity !== 100) {
    const at = { jobId, iteration, intensity: intensity / 100 };
    // The picture of 100 % stays where that fails.
    await previewLayer(ports, subject, at, signal).then(preview, () => {});
  }
  return completed;
}

interface Ready {
  readonly row: EditableRow;
  readonly edit: CompletedEdit;
}

/** Writes them as one history step; what ended on the server can be written again when that fails. */
async function applyRows(
  { host, companion, store }: PlanPorts,
  ready: readonly Ready[],
  writing: Writing,
  signal: CancelSignal,
): Promise<void> {
  const [first] = ready;
  if (first === undefined) return;
  const name =
    ready.length === 1
      ? resultName(first.row.target, first.row.intensity)
      : `EmoEditor · ${ready.length} layers`;
  const ids = await host.addLayers(
    name,
    ready.map((one) => additionOf(companion, store, one, writing, signal)),
    signal,
    () => showApplying(store, first, 0, true),
  );
  for (const [at, { row, edit }] of ready.entries()) {
    store.dispatch({ type: 'rowApplied', key: row.key, layerId: ids[at] as number });
    companion.release(edit.jobId);
  }
}

function additionOf(
  companion: Companion,
  store: PlanStore,
  { row, edit }: Ready,
  writing: Writing,
  signal: CancelSignal,
): LayerAddition {
  const { intensity, resultId: replaces } = row;
  const { result: kind, elements, aiNote } = writing;
  const commit = { ...edit, intensity, elements, aiNote, kind, replaces };
  return resultAddition(
    newLayerOf(commit),
    kind,
    partsOf(kind, edit.scene),
    ({ part }) => companion.openComposite(compositeRequestOf(commit, part), signal),
    (fraction) => showApplying(store, { row, edit }, fraction, false),
  );
}

function showApplying(
  store: PlanStore,
  { row: { key }, edit }: Ready,
  fraction: number,
  isWaiting: boolean,
): void {
  store.dispatch({
    type: 'rowChanged',
    key,
    status: { kind: 'applying', edit, fraction, isWaiting },
  });
}
