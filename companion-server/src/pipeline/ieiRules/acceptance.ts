import type { Verdict } from '@emoeditor/shared';
import type { CriticReport } from '../critic/critic.ts';

/** When an iteration is good enough: ssimAbove < SSIM < ssimBelow and P(target) > pTargetAbove. */
export interface Acceptance {
  readonly ssimAbove: number;
  readonly ssimBelow: number;
  readonly pTargetAbove: number;
}

/** As published: enough change to be an edit, enough likeness to be the same picture. */
export const PUBLISHED: Acceptance = { ssimAbove: 0.5, ssimBelow: 0.8, pTargetAbove: 0.6 };

export function verdictOf({ ssim, pTarget }: CriticReport, acceptance: Acceptance): Verdict {
  if (!(ssim > acceptance.ssimAbove)) return 'ssimTooLow';
  if (!(ssim < acceptance.ssimBelow)) return 'ssimTooHigh';
  return pTarget > acceptance.pTargetAbove ? 'accepted' : 'confidenceTooLow';
}
