import { FAST_ACCEPTANCE } from '@emoeditor/companion-server/pipeline/ieiRules/fastAcceptance.ts';
import { fastScore } from '@emoeditor/companion-server/pipeline/ieiRules/fastVerdict.ts';
import { describe, expect, it } from 'vitest';

const target = [0, 0, 1, 0, 0, 0, 0, 0] as const;
const even = [0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125, 0.125] as const;
const acceptance = { ...FAST_ACCEPTANCE, ssimAbove: 0.7 };
const score = (ssim: number, pTarget: number, hasScene = false) =>
  fastScore(
    { ssim, pTarget, distribution: even } as never,
    { target, distribution: even } as never,
    acceptance,
    hasScene,
  );

describe('the score of a picture in fast', () => {
  it('puts a weak edit that keeps the structure above a damaged picture, however sure', () => {
    expect(score(0.96, 0.09)).toBeGreaterThan(score(0.61, 0.95));
    expect(score(0.71, 0.01)).toBeGreaterThan(score(0.69, 0.99));
  });

  it('puts the less damaged of two above the surer one', () => {
    expect(score(0.65, 0.2)).toBeGreaterThan(score(0.5, 0.9));
  });

  it('puts a scene that does as much above light that is hardly seen, and never a damaged one', () => {
    expect(score(0.8, 0.1, true)).toBeGreaterThan(score(0.99, 0.1));
    expect(score(0.8, 0.08, true)).toBeLessThan(score(0.99, 0.2));
    expect(score(0.69, 0.5, true)).toBeLessThan(score(0.99, 0.1));
  });

  it('puts accepted edits above all, the milder one first', () => {
    expect(score(0.75, 0.65)).toBeGreaterThan(score(0.95, 0.55));
    expect(score(0.95, 0.65)).toBeGreaterThan(score(0.75, 0.9));
  });
});
