import type { EditFit } from '@emoeditor/companion-server/compositor/fit/fitEdit.ts';
import { createFitLedger } from '@emoeditor/companion-server/engine/threads/fitLedger.ts';
import { expect, it } from 'vitest';

const anyFit = () => ({}) as EditFit;

it('sends a fit once and drops the one not used for longest', () => {
  const ledger = createFitLedger(2);
  const [a, b, c] = [anyFit(), anyFit(), anyFit()];
  expect(ledger.use(a)).toEqual({ id: 1, isNew: true, dropped: null });
  expect(ledger.use(b)).toEqual({ id: 2, isNew: true, dropped: null });
  expect(ledger.use(a)).toEqual({ id: 1, isNew: false, dropped: null });
  expect(ledger.use(c)).toEqual({ id: 3, isNew: true, dropped: 2 });
  expect(ledger.use(b)).toEqual({ id: 4, isNew: true, dropped: 1 });
});
