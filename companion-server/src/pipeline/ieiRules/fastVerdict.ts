import type { EmotionVector, Verdict } from '@emoeditor/shared';
import type { CriticReport } from '../critic/critic.ts';
import { probabilityOf } from '../critic/targetProbability.ts';
import { type FastAcceptance, thresholdFor } from './fastAcceptance.ts';

/** Predicted emotions before the edit, and the target. */
interface Goal {
  readonly distribution: EmotionVector;
  readonly target: EmotionVector;
}

/** Below every score of an edit that kept the structure: a damaged picture is worse than a weak edit. */
const LOST = -2;
/**
 * Penalty per unit of lost SSIM if nothing is accepted, in shares of the threshold: a small gain is not worth a damaged
 * picture. An honest predictor's thresholds are low, and so are all its probabilities.
 */
const CHANGED = 0.5 / 0.6;

/** True when the unedited photograph already exceeds the threshold of the target. */
export function isShownAlready({ distribution, target }: Goal, acceptance: FastAcceptance) {
  return probabilityOf(target, distribution) > thresholdFor(acceptance, target);
}

/**
 * Accepts an edit whose SSIM is above the bound, whose P(target) is above the emotion's threshold and has risen by a
 * minimum. If the photograph already exceeds the threshold, any rise is enough.
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
 * Score for ranking: accepted edits above all others, and edits whose SSIM is not above the bound below all others. Among
 * accepted and among damaged ones the higher SSIM wins; among the rest the higher P(target), less a penalty for lost SSIM.
 * @param hasScene whether something was added to the scene: night and weather cost SSIM by their nature, and an edit that
 * shows what was meant is better than none, so that there is no penalty
 */
export function fastScore(
  report: CriticReport,
  goal: Goal,
  acceptance: FastAcceptance,
  hasScene = false,
): number {
  const { ssim, pTarget } = report;
  const verdict = fastVerdict(report, goal, acceptance);
  if (verdict === 'accepted') return 2 + ssim;
  if (verdict === 'ssimTooLow') return LOST + ssim - 1;
  // One that was as high before may be far above it; still no accepted edit is worse.
  const reached = Math.min(1, pTarget / thresholdFor(acceptance, goal.target));
  return hasScene ? reached : reached - CHANGED * (1 - ssim);
}
