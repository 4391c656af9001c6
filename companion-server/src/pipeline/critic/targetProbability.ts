import { type EmotionTarget, type EmotionVector, targetDistribution } from '@emoeditor/shared';

/** Σ wᵢ·pᵢ / max(w): a single emotion gives its own probability, an even blend the sum of its parts. */
export function targetProbability(target: EmotionTarget, distribution: EmotionVector): number {
  return probabilityOf(targetDistribution(target), distribution);
}

/** The same for a target as a distribution. */
export function probabilityOf(weights: EmotionVector, distribution: EmotionVector): number {
  const sum = weights.reduce((total, weight, i) => total + weight * (distribution[i] ?? 0), 0);
  return sum / Math.max(...weights);
}
