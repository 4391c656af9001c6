import {
  isExhausted,
  levelsWithin,
  narrowed,
  OPEN,
} from '@emoeditor/companion-server/pipeline/ieiRules/bracket.ts';
import { createFastRules } from '@emoeditor/companion-server/pipeline/ieiRules/fast.ts';
import { FAST_ACCEPTANCE } from '@emoeditor/companion-server/pipeline/ieiRules/fastAcceptance.ts';
import { FAST_SETTINGS } from '@emoeditor/companion-server/pipeline/ieiRules/fastSettings.ts';
import {
  fastScore,
  fastVerdict,
} from '@emoeditor/companion-server/pipeline/ieiRules/fastVerdict.ts';
import type { IterationPlan } from '@emoeditor/companion-server/pipeline/ieiRules/rules.ts';
import { describe, expect, it } from 'vitest';
import { ACCEPTABLE, LOST, TEST_FAST, UNCHANGED, UNSURE } from './editing.ts';
import { markOf, originOf, play, SOURCE_MARK } from './playRules.ts';

const rules = createFastRules(TEST_FAST);

/** Guidance rises with the level of push, so it shows how hard each candidate pushes. */
const pushes = ({ candidates }: IterationPlan) =>
  candidates.map(({ guidanceScale }) => guidanceScale);

describe('bracket of levels', () => {
  it('spreads its levels evenly, strongest first, up to 1 while nothing was too strong', () => {
    expect(levelsWithin(OPEN, 4)).toEqual([1, 0.75, 0.5, 0.25]);
    expect(
      levelsWithin({ tooWeak: 0.2, tooStrong: 0.6 }, 3).map((x) => Number(x.toFixed(9))),
    ).toEqual([0.5, 0.4, 0.3]);
  });

  it('lowers the upper bound when structure was lost and raises the lower bound otherwise', () => {
    expect(narrowed(OPEN, 0.5, 'ssimTooLow')).toEqual({ tooWeak: 0, tooStrong: 0.5 });
    expect(narrowed(OPEN, 0.5, 'ssimTooHigh')).toEqual({ ...OPEN, tooWeak: 0.5 });
    expect(narrowed(OPEN, 0.5, 'confidenceTooLow')).toEqual({ ...OPEN, tooWeak: 0.5 });
  });

  it('is exhausted when the strongest is too weak, or too weak and too strong meet', () => {
    expect(isExhausted(narrowed(OPEN, 1, 'confidenceTooLow'))).toBe(true);
    expect(isExhausted({ tooWeak: 0.5, tooStrong: 0.5 })).toBe(true);
    expect(isExhausted({ tooWeak: 0.5, tooStrong: 0.7 })).toBe(false);
  });
});

const goal = originOf();
/** The same photograph when it is read as awe before the edit. */
const shown = { ...goal, distribution: [0, 0, 0.7, 0.3, 0, 0, 0, 0] };

describe('fast verdict', () => {
  const verdict = (ssim: number, pTarget: number, of = goal) =>
    fastVerdict({ ssim, pTarget, distribution: [] }, of, FAST_ACCEPTANCE);

  it('has no upper bound of SSIM for an accepted picture', () => {
    expect(verdict(0.97, 0.61)).toBe('accepted');
  });

  it('requires SSIM, confidence and a rise of P(target)', () => {
    expect(verdict(0.5, 0.9)).toBe('ssimTooLow');
    expect(verdict(0.7, 0.6)).toBe('confidenceTooLow');
    const almost = { ...goal, distribution: [0.41, 0, 0.59, 0, 0, 0, 0, 0] };
    expect(verdict(0.7, 0.63, almost)).toBe('notRisen');
    expect(verdict(0.7, 0.65, almost)).toBe('accepted');
  });

  it('requires only a rise if the photograph already shows the target', () => {
    expect(verdict(0.95, 0.701, shown)).toBe('accepted');
    expect(verdict(0.95, 0.7, shown)).toBe('notRisen');
  });

  it('uses the emotion’s own threshold', () => {
    const honest = {
      ...FAST_ACCEPTANCE,
      pTargetAbove: { ...FAST_ACCEPTANCE.pTargetAbove, awe: 0.3 },
    };
    expect(fastVerdict({ ssim: 0.9, pTarget: 0.31, distribution: [] }, goal, honest)).toBe(
      'accepted',
    );
  });
});

describe('fast score', () => {
  const score = (ssim: number, pTarget: number) =>
    fastScore({ ssim, pTarget, distribution: [] }, goal, FAST_ACCEPTANCE);

  it('ranks accepted edits first, and among them the smallest change', () => {
    expect(score(0.95, 0.61)).toBeGreaterThan(score(0.7, 0.99));
    expect(score(0.51, 0.61)).toBeGreaterThan(score(0.95, 0.59));
    expect(score(0.51, 0.61)).toBeGreaterThan(score(0.49, 1));
  });

  it('among rejected edits prefers higher confidence, unless it costs much more change', () => {
    expect(score(0.7, 0.5)).toBeGreaterThan(score(0.7, 0.4));
    expect(score(0.9, 0.5)).toBeGreaterThan(score(0.6, 0.55));
    expect(score(0.9, 0.3)).toBeGreaterThan(score(0.4, 0.5));
  });
});

describe('fast IEI', () => {
  it('makes one edit of a photograph that shows the target already', () => {
    const { iterations } = play(rules, [[UNSURE], [UNSURE]], shown);
    expect(iterations).toHaveLength(1);
  });

  it('stands for its best candidate and stops when that is accepted', () => {
    const { iterations } = play(rules, [[LOST, ACCEPTABLE], [UNSURE]]);
    expect(iterations).toHaveLength(1);
    expect(iterations[0]!).toMatchObject({ best: 1, verdict: 'accepted' });
  });

  it('pushes less when the structure is lost', () => {
    const { plans } = play(rules, [[LOST], [LOST]]);
    expect(pushes(plans[0]!)).toEqual([2, 1.5]);
    expect(Math.max(...pushes(plans[1]!))).toBeLessThan(1.5);
    expect(plans[1]!.scheduler.timesteps[0]).toBeLessThan(plans[0]!.scheduler.timesteps[0]!);
    expect(markOf(plans[1]!)).toBe(SOURCE_MARK);
  });

  it.each([
    ['too little confidence', UNSURE],
    ['too little change', UNCHANGED],
  ])('tries between what was too strong and what had %s', (_, weak) => {
    const { plans } = play(rules, [[LOST, weak], [UNSURE]]);
    for (const push of pushes(plans[1]!)) {
      expect(push).toBeGreaterThan(1.5);
      expect(push).toBeLessThan(2);
    }
  });

  it('goes on from the best picture, with its own direction, once every push was too weak', () => {
    const { plans, iterations } = play(rules, [[UNSURE], [{ pTarget: 0.5, ssim: 0.6 }], [UNSURE]]);
    expect(plans.map((plan) => markOf(plan))).toEqual([SOURCE_MARK, 0, 1]);
    const awe = 2;
    const direction = plans[2]!.candidates[0]!.direction[awe];
    expect(direction).toBeCloseTo(1 - iterations[1]!.scores[0]!.distribution[awe]!, 12);
  });

  it('keeps the best so far as the start when a later iteration is worse', () => {
    const { plans } = play(rules, [[{ pTarget: 0.5, ssim: 0.6 }], [UNSURE], [UNSURE]]);
    expect(plans.map((plan) => markOf(plan))).toEqual([SOURCE_MARK, 0, 0]);
  });

  it('never starts from a picture that lost the structure', () => {
    const script = Array(8).fill([LOST]);
    const { plans } = play(createFastRules({ ...TEST_FAST, candidates: 1 }), script);
    expect(plans.every((plan) => markOf(plan) === SOURCE_MARK)).toBe(true);
  });

  it('returns the best so far, not the last', () => {
    const { iterations, origin } = play(rules, [[{ pTarget: 0.5, ssim: 0.6 }], [LOST], [UNSURE]]);
    expect(rules.choose(iterations, origin)).toBe(0);
  });

  it('lets weaker candidates join later, for fewer evaluations', () => {
    const { plans } = play(createFastRules(FAST_SETTINGS), [[UNSURE]]);
    const joins = plans[0]!.candidates.map(({ startStep }) => startStep);
    expect(joins[0]).toBe(0);
    expect(joins).toEqual([...joins].sort((a, b) => a - b));
    expect(joins.at(-1)).toBeGreaterThan(0);
  });

  it('begins with few candidates and goes on with more, narrowing by what the few have shown', () => {
    const few = createFastRules({ ...TEST_FAST, firstLevels: [0.5] });
    const { plans } = play(few, [[LOST], [LOST], [UNSURE]]);
    expect(pushes(plans[0]!)).toEqual([1.5]);
    expect(pushes(plans[1]!)).toHaveLength(2);
    expect(Math.max(...pushes(plans[1]!))).toBeLessThan(1.5);
    expect(Math.max(...pushes(plans[2]!))).toBeLessThan(Math.min(...pushes(plans[1]!)));
  });

  it('pushes up to the top when the first, middle level was too weak', () => {
    const few = createFastRules({ ...TEST_FAST, firstLevels: [0.5] });
    const { plans } = play(few, [[UNSURE], [UNSURE]]);
    expect(pushes(plans[1]!)).toEqual([2, 1.75]);
  });

  it('guides fewer of the last steps the less it pushes', () => {
    const { weakest, strongest } = TEST_FAST;
    const settings = {
      ...TEST_FAST,
      weakest: { ...weakest, unguidedSteps: 4 },
      strongest: { ...strongest, unguidedSteps: 0 },
    };
    const { plans } = play(createFastRules(settings), [[UNSURE]]);
    expect(plans[0]!.candidates.map(({ unguidedSteps }) => unguidedSteps)).toEqual([0, 2]);
  });
});
