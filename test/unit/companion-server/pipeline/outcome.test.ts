import { createFastRules } from '@emoeditor/companion-server/pipeline/ieiRules/fast.ts';
import { createPaperRules } from '@emoeditor/companion-server/pipeline/ieiRules/paper.ts';
import { outcomeOf } from '@emoeditor/companion-server/pipeline/outcome.ts';
import type { IterationReport } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';
import { AWE } from './editing.ts';
import { originOf } from './playRules.ts';

const report = (more: Partial<IterationReport> = {}): IterationReport => ({
  ...{ index: 0, distribution: [], pTarget: 0.71, ssim: 0.9, verdict: 'accepted' },
  unetEvaluations: 6,
  ...more,
});
const origin = originOf();
const fast = createFastRules();
const of = (reports: IterationReport[], chosen = 0, from = origin) =>
  outcomeOf({ target: AWE }, fast, from, reports, chosen);

describe('outcome', () => {
  it('says what was reached and how much of the edit was enough', () => {
    const outcome = of([report({ strength: 0.65 })]);
    expect(outcome.kind).toBe('convinced');
    expect(outcome.reason).toContain('rose from 10 % to 71 %, where 60 % is asked for');
    expect(outcome.reason).toContain('65 % of what was generated');
  });

  it('says that nothing convinced, and why this iteration is shown', () => {
    const failed = { verdict: 'confidenceTooLow', pTarget: 0.3 } as const;
    const outcome = of([report(failed), report({ ...failed, index: 1, pTarget: 0.4 })], 1);
    expect(outcome.kind).toBe('notConvinced');
    expect(outcome.reason).toContain('None of 2 iterations convinced');
    expect(outcome.reason).toContain('iteration 2 is shown, which came nearest with 40 %');
  });

  it('says that the photograph showed it already', () => {
    const shown = { ...origin, distribution: [0, 0, 0.7, 0.3, 0, 0, 0, 0] };
    expect(of([report()], 0, shown)).toMatchObject({
      kind: 'alreadyShown',
      reason: expect.stringContaining('at 70 % in the photograph already'),
    });
  });

  it('as published says what decided and what the layer is read as', () => {
    const judged = { pTarget: 0.98, ssim: 0.7 };
    const outcome = outcomeOf(
      { target: AWE },
      createPaperRules(),
      origin,
      [report({ pTarget: 0.43, judged })],
      0,
    );
    expect(outcome.kind).toBe('convinced');
    expect(outcome.reason).toMatch(/98 %.*layer is read as 43 %/);
  });
});
