import type { ActiveLayer, EditableLayer } from '../host/hostPort.ts';
import { type Applied, type PanelState, type Result, resultOf, sceneOf } from './panelState.ts';

/** Results that are kept beside the one that is shown. The server holds the pictures of each. */
export const MAX_KEPT = 8;

/** Every result there is, the one that is shown first, then the newest first. */
export function allResults({ run, kept }: Pick<PanelState, 'run' | 'kept'>): readonly Result[] {
  const shown = resultOf(run);
  return shown === null ? kept : [shown, ...kept];
}

/** Results of the active layer's source, in the order in which they were made. */
export function resultsOfSource(state: Pick<PanelState, 'run' | 'kept' | 'active'>): Result[] {
  const { active } = state;
  if (active.kind !== 'editable') return [];
  return allResults(state)
    .filter(({ subject }) => isSameSource(subject.layer, active.layer))
    .sort((one, other) => one.number - other.number);
}

/**
 * Instructions that an edit with another scene must not have: those that are switched off, and those that edits of the
 * layer had for the chosen emotion. Once there is no other left it is only the one that is shown, and all begin again.
 */
export function bannedForAnother(state: PanelState): readonly string[] {
  const { choices, connection } = state;
  const offers = connection.kind === 'ready' ? (connection.server.bundle.instructions ?? []) : [];
  const own = offers.filter(({ emotion }) => emotion === choices.target).map(({ id }) => id);
  const instructionOf = (result: Result) =>
    sceneOf(result, result.selected)?.instruction ?? NO_INSTRUCTION;
  const tried = resultsOfSource(state)
    .filter(({ subject }) => subject.target === choices.target)
    .map(instructionOf);
  const shown = resultOf(state.run);
  const isLeft = (banned: readonly string[]) => own.some((id) => !banned.includes(id));
  const ways = [
    [...choices.banned, ...tried],
    [...choices.banned, shown === null ? NO_INSTRUCTION : instructionOf(shown)],
  ];
  return ways.find(isLeft) ?? choices.banned;
}

/** In place of an id, where the light alone was changed. */
const NO_INSTRUCTION = '';

/** What a click on a layer asks for: the result that it shows, or else the newest of what it was made from. */
export function resultOfLayer(
  results: readonly Result[],
  active: ActiveLayer,
): { readonly result: Result; readonly applied: Applied | null } | null {
  if (active.kind !== 'editable') return null;
  const { layer } = active;
  const ofSource = results.filter(({ subject }) => isSameSource(subject.layer, layer));
  for (const result of ofSource) {
    const applied = result.everApplied.find(({ layerId }) => layerId === layer.anchorId);
    if (applied !== undefined) return { result, applied };
  }
  const [result] = ofSource;
  return result === undefined ? null : { result, applied: null };
}

/** Tells layers that are clicked apart; null while none can be edited. */
export const clickedLayer = (active: ActiveLayer): string | null =>
  active.kind === 'editable' ? `${active.layer.documentId}/${active.layer.anchorId}` : null;

const isSameSource = (one: EditableLayer, other: EditableLayer): boolean =>
  one.documentId === other.documentId && one.layerId === other.layerId;
