import type { EmotionVector } from '@emoeditor/shared';

export const firstOf = (distribution: EmotionVector): number =>
  distribution.indexOf(Math.max(...distribution));

/**
 * Emotion matching of the paper's first version (EMR) and of EmoEdit (Emo-A): 1 when the target is the edit's first
 * class. Their means are the rates.
 */
export const isMatched = (after: EmotionVector, target: number): number =>
  firstOf(after) === target ? 1 : 0;

/**
 * Emotion similarity of the paper's first version (ESR): 1 when the divergence from the one-hot target, −ln P(target),
 * decreased.
 */
export const isNearer = (before: EmotionVector, after: EmotionVector, target: number): number =>
  (after[target] as number) > (before[target] as number) ? 1 : 0;

/** Emo-S of EmoEdit (Yang et al. 2025): by how much P(target) rose. */
export const rise = (before: EmotionVector, after: EmotionVector, target: number): number =>
  (after[target] as number) - (before[target] as number);
