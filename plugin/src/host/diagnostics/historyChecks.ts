import type { ReferenceValidator } from '../photoshopModule.ts';
import type { Check, TrialDocument } from './check.ts';
import { patternedLayer } from './imagingChecks.ts';

const statesOf = ({ document }: TrialDocument) => Array.from(document.historyStates).length;

/** History states that one suspended change leaves, resumed at once or a turn later. */
async function statesAfter(trial: TrialDocument, wait: () => Promise<void>): Promise<string> {
  const { hostControl } = trial.context;
  const before = statesOf(trial);
  const suspension = await hostControl.suspendHistory({
    documentID: trial.document.id,
    name: 'Trial',
  });
  await trial.document.createPixelLayer({ name: 'Trial' });
  await wait();
  await hostControl.resumeHistory(suspension, true);
  return `${statesOf(trial) - before} new`;
}

export const HISTORY_CHECKS: readonly Check<TrialDocument>[] = [
  {
    rules: 'HI1',
    asks: 'states of a change, resumed a turn later',
    try: (trial) => statesAfter(trial, () => new Promise((resolve) => setTimeout(resolve, 0))),
  },
  {
    rules: 'HI8',
    asks: 'states of a change, resumed at once',
    try: (trial) => statesAfter(trial, () => Promise.resolve()),
  },
  {
    rules: 'BP5',
    asks: 'validateReference of a layer that is there, and of none',
    async try(trial) {
      const { id } = await patternedLayer(trial);
      const { validateReference } = trial.photoshop.action as unknown as ReferenceValidator;
      const of = (layer: number) =>
        validateReference([
          { _ref: 'layer', _id: layer },
          { _ref: 'document', _id: trial.document.id },
        ]);
      return `${of(id)}, ${of(999_999)}`;
    },
  },
];
