import type { SelectedLayer } from '../host/hostPort.ts';
import { type EditPlan, isUnderWay, type PlanEvent, type PlanRow } from './editPlan.ts';
import type { Choices } from './panelState.ts';

/** The plan after an event. Pure; an event that does not fit changes nothing. */
export function planReducer(plan: EditPlan, event: PlanEvent): EditPlan {
  switch (event.type) {
    case 'layersSelected':
      return plan.isRunning ? plan : { ...plan, rows: rowsFor(plan, event.layers, event.choices) };
    case 'rowChosen':
      return withRow(plan, event.key, (row) => chosen(row, event.change));
    case 'settingsChosen':
      return { ...plan, settings: event.settings };
    case 'started':
      return { ...plan, isRunning: true, isCancelling: false };
    case 'rowChanged':
      return withRow(plan, event.key, (row) => ({ ...row, status: event.status }));
    case 'rowRead':
      return withRow(plan, event.key, (row) => ({
        ...row,
        before: event.picture,
        shape: event.shape,
        source: event.distribution ?? row.source,
      }));
    case 'rowPreviewed':
      return withRow(plan, event.key, (row) => ({ ...row, after: event.picture }));
    case 'rowApplied':
      return withRow(plan, event.key, (row) => {
        if (row.status.kind !== 'applying' && row.status.kind !== 'edited') return row;
        const { pTarget } = row.status.edit;
        return { ...row, status: { kind: 'done', pTarget }, resultId: event.layerId };
      });
    case 'rowFailed': {
      const { message, hint } = event.error;
      return withRow(plan, event.key, (row) => ({
        ...row,
        status: { kind: 'failed', message, hint },
      }));
    }
    case 'cancelRequested':
      return plan.isRunning ? { ...plan, isCancelling: true } : plan;
    case 'ended':
      return { ...plan, isRunning: false, isCancelling: false, rows: plan.rows.map(settled) };
    case 'closed':
      return plan.isRunning ? plan : { ...plan, rows: [] };
  }
}

function withRow(plan: EditPlan, key: string, change: (row: PlanRow) => PlanRow): EditPlan {
  return { ...plan, rows: plan.rows.map((row) => (row.key === key ? change(row) : row)) };
}

/** Another emotion or intensity makes a done row one to do again; its layer will be replaced. */
function chosen(
  row: PlanRow,
  change: Extract<PlanEvent, { type: 'rowChosen' }>['change'],
): PlanRow {
  const isRefused = row.status.kind === 'refused';
  const isAnother =
    (change.target !== undefined && change.target !== row.target) ||
    (change.intensity !== undefined && change.intensity !== row.intensity);
  return {
    ...row,
    ...change,
    ...(isAnother && !isRefused ? { status: { kind: 'waiting' }, after: null } : {}),
  };
}

/** What was interrupted is to be done again; what ended on the server is kept. */
function settled(row: PlanRow): PlanRow {
  const { status } = row;
  if (status.kind === 'editing') return { ...row, status: { kind: 'waiting' } };
  if (status.kind === 'applying') return { ...row, status: { kind: 'edited', edit: status.edit } };
  return row;
}

const UNREAD = { before: null, shape: null, source: null, after: null };

function rowsFor(
  plan: EditPlan,
  layers: readonly SelectedLayer[],
  choices: Choices,
): readonly PlanRow[] {
  if (layers.length < 2) return isUnderWay(plan) ? plan.rows : [];
  return layers.map((selected) => {
    const before = plan.rows.find(({ key }) => key === selected.key);
    if (selected.kind === 'refused') return refusedRow(selected, choices);
    const { layer, key } = selected;
    if (before?.layer) {
      const { width, height } = before.layer.bounds;
      const isSame = layer.bounds.width === width && layer.bounds.height === height;
      return { ...before, ...(isSame ? {} : UNREAD), name: layer.name, layer };
    }
    return {
      ...UNREAD,
      key,
      name: layer.name,
      layer,
      target: choices.target,
      intensity: choices.intensity,
      isIncluded: true,
      status: { kind: 'waiting' },
      resultId: null,
    };
  });
}

function refusedRow(
  { key, name, message, hint }: Extract<SelectedLayer, { kind: 'refused' }>,
  { target, intensity }: Choices,
): PlanRow {
  return {
    ...UNREAD,
    key,
    name,
    layer: null,
    target,
    intensity,
    isIncluded: false,
    status: { kind: 'refused', message, hint },
    resultId: null,
  };
}
