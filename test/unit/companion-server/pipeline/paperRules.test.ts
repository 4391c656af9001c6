import { createOfficialRules } from '@emoeditor/companion-server/pipeline/ieiRules/official.ts';
import { createPaperRules } from '@emoeditor/companion-server/pipeline/ieiRules/paper.ts';
import { describe, expect, it } from 'vitest';
import { ACCEPTABLE, LOST, UNSURE } from './editing.ts';
import { markOf, originOf, play, SOURCE_MARK } from './playRules.ts';

const rules = createPaperRules();

describe('IEI as published', () => {
  it('starts every iteration from the picture generated last, the first from the source', () => {
    const { plans } = play(rules, [[UNSURE], [LOST], [UNSURE]]);
    expect(plans.map((plan) => markOf(plan))).toEqual([SOURCE_MARK, 0, 1]);
  });

  it('estimates the direction anew from that picture', () => {
    const { plans, origin } = play(rules, [[{ pTarget: 0.44, ssim: 0.6 }], [UNSURE]]);
    const awe = origin.target.indexOf(1);
    expect(plans[0]!.candidates[0]!.direction[awe]).toBeCloseTo(0.9, 12);
    expect(plans[1]!.candidates[0]!.direction[awe]).toBeCloseTo(0.56, 12);
    expect(plans[1]!.candidates[0]!.direction[0]).toBeCloseTo(-0.08, 12);
  });

  it('runs 30 unguided DDIM steps from a T of 700 … 980 that differs from iteration to iteration', () => {
    const { plans } = play(rules, Array(20).fill([UNSURE]));
    const starts = plans.map(({ scheduler }) => scheduler.timesteps[0]! + 1);
    expect(plans.every(({ scheduler }) => scheduler.timesteps.length === 30)).toBe(true);
    expect(plans.every(({ candidates }) => candidates[0]!.guidanceScale === 1)).toBe(true);
    expect(Math.min(...starts)).toBeGreaterThanOrEqual(700);
    expect(Math.max(...starts)).toBeLessThanOrEqual(980);
    expect(new Set(starts).size).toBeGreaterThan(10);
    const again = play(rules, Array(20).fill([UNSURE])).plans;
    expect(again.map(({ scheduler }) => scheduler.timesteps[0]! + 1)).toEqual(starts);
    const other = play(rules, Array(20).fill([UNSURE]), originOf(undefined, 43)).plans;
    expect(other.map(({ scheduler }) => scheduler.timesteps[0]! + 1)).not.toEqual(starts);
  });

  it.each([
    ['paper', createPaperRules({ steps: 100, guidanceScale: 7.5, isFromNoise: true })],
    ['official', createOfficialRules(100, 7.5, true)],
  ])('%s samples a model that paints from noise as it was published', (_mode, ruled) => {
    const { plans } = play(ruled, [[UNSURE], [LOST]]);
    for (const { scheduler, candidates } of plans) {
      expect(scheduler.isAncestral).toBe(true);
      expect([scheduler.timesteps.length, scheduler.timesteps[0]]).toEqual([100, 999]);
      expect(candidates).toMatchObject([{ startStep: 0, guidanceScale: 7.5 }]);
      expect(candidates[0]?.start.data.every((value) => value === 0)).toBe(true);
    }
  });

  it.each([
    [{ pTarget: 0.61, ssim: 0.51 }, 'accepted'],
    [{ pTarget: 0.61, ssim: 0.79 }, 'accepted'],
    [{ pTarget: 0.6, ssim: 0.65 }, 'confidenceTooLow'],
    [{ pTarget: 0.99, ssim: 0.5 }, 'ssimTooLow'],
    [{ pTarget: 0.99, ssim: 0.8 }, 'ssimTooHigh'],
  ] as const)('%o is %s', (opinion, verdict) => {
    const { iterations } = play(rules, [[opinion]]);
    expect(iterations[0]!.verdict).toBe(verdict);
  });

  it('stops at the first acceptance and returns it', () => {
    const played = play(rules, [[UNSURE], [ACCEPTABLE], [ACCEPTABLE]]);
    expect(played.iterations).toHaveLength(2);
    expect(rules.choose(played.iterations, played.origin)).toBe(1);
  });

  it('returns the most confident when none is accepted, whatever its SSIM', () => {
    const { iterations, origin } = play(rules, [[UNSURE], [LOST], [UNSURE]]);
    expect(rules.choose(iterations, origin)).toBe(1);
  });
});
