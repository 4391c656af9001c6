import type { EmotionVector, Verdict } from '@emoeditor/shared';
import type { CriticReport } from '../critic/critic.ts';
import { probabilityOf } from '../critic/targetProbability.ts';
import { type FastAcceptance, thresholdFor } from './fastAcceptance.ts';

/** What the picture evokes before the edit, and what it should. */
interface Goal {
  readonly distribution: EmotionVector;
  readonly target: EmotionVector;
}

/** P(target) a whole step of SSIM below the bound costs: losing the picture is worse than changing it little. */
const LOST = 4;
/** P(target) a whole step of SSIM costs where nothing convinces: a small gain is not worth a spoilt picture. */
const CHANGED = 0.5;

/** True when the photograph passes for the target before anything is done. */
export function isShownAlready({ distribution, target }: Goal, acceptance: FastAcceptance) {
  return probabilityOf(target, distribution) > thresholdFor(acceptance, target);
}

/**
 * Convincing is: still the same picture, P(target) above the emotion's own threshold, and higher than before by a
 * margin. Of a photograph that shows the target already, nothing but a rise is asked.
 */
export function fastVerdict(
  { ssim, pTarget }: CriticReport,
  goal: Goal,
  acceptance: FastAcceptance,
): Verdict {
  if (!(ssim > acceptance.ssimAbove)) return 'ssimTooLow';
  if (!(pTarget > thresholdFor(acceptance, goal.target))) return 'confidenceTooLow';
  const rise = pTarget - probabilityOf(goal.target, goal.distribution);
  const wanted = isShownAlready(goal, acceptance) ? 0 : acceptance.minimumRise;
  return rise > 0 && rise >= wanted ? 'accepted' : 'notRisen';
}

/**
 * The declared score: what convinces beats what does not; of two that convince, the one that changes less wins; of two
 * that do not, the more confident, less what it changed and lost of the picture.
 */
export function fastScore(report: CriticReport, goal: Goal, acceptance: FastAcceptance): number {
  const { ssim, pTarget } = report;
  if (fastVerdict(report, goal, acceptance) === 'accepted') return 2 + ssim;
  return pTarget - CHANGED * (1 - ssim) - LOST * Math.max(0, acceptance.ssimAbove - ssim);
}
