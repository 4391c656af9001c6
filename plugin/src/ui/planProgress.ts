import { type EditPlan, isUnderWay, type PlanRow, rowsToDo } from '../session/editPlan.ts';
import { WAITING_TEXT } from '../session/progressText.ts';

export interface PlanProgress {
  /** Of the button that runs the plan. */
  readonly label: string;
  readonly canRun: boolean;
  /** True once nothing is left to do: the button then closes the plan. */
  readonly isDone: boolean;
  /** Where the plan stands, in one line; empty before it was run. */
  readonly line: string;
  /** What is left of the layer that is being edited; empty when nobody knows. */
  readonly eta: string;
  /** 0 to 1, over all layers that take part. */
  readonly fraction: number;
}

/** Part of a layer's work that is its edit; the rest is its full resolution. */
const EDIT_SHARE = 0.8;

export function planProgress(plan: EditPlan): PlanProgress {
  const rows = plan.rows.filter(({ isIncluded, layer }) => isIncluded && layer !== null);
  const toDo = rowsToDo(plan).length;
  const done = rows.length - toDo;
  const failed = rows.filter(({ status }) => status.kind === 'failed').length;
  const canRun = toDo > 0;
  const fraction = rows.reduce((sum, row) => sum + shareOf(row), 0) / Math.max(1, rows.length);
  if (plan.isRunning) return { label: '', canRun, isDone: false, ...runningLine(rows), fraction };
  if (!isUnderWay(plan)) {
    const label = canRun ? `Evoke on ${layers(rows.length)}` : 'Nothing to edit';
    return { label, canRun, isDone: false, line: '', eta: '', fraction };
  }
  const ready = rows.filter(({ status }) => status.kind === 'edited').length;
  const line = [
    `${done} of ${rows.length} done`,
    ready > 0 && `${ready} ready`,
    failed > 0 && `${failed} failed`,
  ]
    .filter(Boolean)
    .join(' · ');
  const label =
    toDo === 0
      ? 'Done'
      : failed > 0 || done > 0
        ? `Resume with ${layers(toDo)}`
        : `Evoke on ${layers(toDo)}`;
  return { label, canRun, isDone: toDo === 0, line, eta: '', fraction };
}

const layers = (count: number): string => (count === 1 ? '1 layer' : `${count} layers`);

function runningLine(rows: readonly PlanRow[]): Pick<PlanProgress, 'line' | 'eta'> {
  const at = rows.findIndex(
    ({ status }) => status.kind === 'editing' || status.kind === 'applying',
  );
  const row = rows[at];
  if (row === undefined) return { line: 'Starting', eta: '' };
  const { text, eta } =
    row.status.kind === 'editing' ? row.status : { text: applyingText(row.status), eta: '' };
  return { line: `${at + 1} of ${rows.length} · ${text}`, eta };
}

const applyingText = (status: PlanRow['status']): string =>
  status.kind === 'applying' && status.isWaiting ? WAITING_TEXT : 'Applying at full resolution';

function shareOf({ status }: PlanRow): number {
  switch (status.kind) {
    case 'editing':
      return status.fraction * EDIT_SHARE;
    case 'edited':
      return EDIT_SHARE;
    case 'applying':
      return EDIT_SHARE + status.fraction * (1 - EDIT_SHARE);
    case 'done':
      return 1;
    case 'failed':
    case 'refused':
    case 'waiting':
      return 0;
  }
}
