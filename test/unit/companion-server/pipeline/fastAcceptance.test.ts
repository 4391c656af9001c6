import {
  FAST_ACCEPTANCE,
  fastAcceptanceSchema,
  thresholdFor,
} from '@emoeditor/companion-server/pipeline/ieiRules/fastAcceptance.ts';
import { EMOTIONS, targetDistribution } from '@emoeditor/shared';
import { describe, expect, it } from 'vitest';

const pTargetAbove = Object.fromEntries(EMOTIONS.map((emotion, i) => [emotion, 0.2 + i / 20]));
const measured = fastAcceptanceSchema.parse({ pTargetAbove });

describe('acceptance of fast', () => {
  it('is the published confidence where a bundle says nothing', () => {
    const awe = targetDistribution({ kind: 'emotion', emotion: 'awe' });
    expect(thresholdFor(FAST_ACCEPTANCE, awe)).toBe(0.6);
  });

  it('has a threshold for each emotion, and for a blend their mean by weight', () => {
    expect(thresholdFor(measured, [0, 0, 1, 0, 0, 0, 0, 0])).toBeCloseTo(0.3, 12);
    expect(thresholdFor(measured, [3, 0, 1, 0, 0, 0, 0, 0])).toBeCloseTo(0.225, 12);
  });

  it.each([
    ['misses an emotion', { ...pTargetAbove, awe: undefined }],
    ['has one that is none', { ...pTargetAbove, joy: 0.5 }],
    ['asks for certainty', { ...pTargetAbove, awe: 1 }],
  ])('is refused where it %s', (_, thresholds) => {
    expect(fastAcceptanceSchema.safeParse({ pTargetAbove: thresholds }).success).toBe(false);
  });
});
