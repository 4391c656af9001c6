import { EMOTIONS, type Emotion, type EmotionVector, emotionSchema } from '@emoeditor/shared';
import * as z from 'zod/mini';

const probability = z.number().check(z.gt(0), z.lt(1));

/**
 * When `fast` takes an edit for convincing; belongs to the predictor of a bundle, because an honest one seldom says
 * more than 0.6.
 */
export const fastAcceptanceSchema = z.object({
  /** P(target) above which a picture counts as showing that emotion, for each of the eight. */
  pTargetAbove: z.record(emotionSchema, probability),
  /** An edit is accepted only if P(target) rose by at least this. */
  minimumRise: z._default(z.number().check(z.gte(0), z.lt(1)), 0.05),
  /** SSIM to the source below which it is no longer the same picture. */
  ssimAbove: z._default(z.number().check(z.gte(-1), z.lt(1)), 0.5),
});
export type FastAcceptance = z.infer<typeof fastAcceptanceSchema>;

/** For bundles that say nothing: the published confidence for every emotion. */
export const FAST_ACCEPTANCE: FastAcceptance = fastAcceptanceSchema.parse({
  pTargetAbove: Object.fromEntries(EMOTIONS.map((emotion) => [emotion, 0.6])),
});

/** The threshold for a target: of a blend, the mean of its emotions' by weight. */
export function thresholdFor(
  { pTargetAbove }: Pick<FastAcceptance, 'pTargetAbove'>,
  target: EmotionVector,
): number {
  const sum = target.reduce((total, weight) => total + weight, 0);
  return target.reduce(
    (total, weight, i) => total + (weight / sum) * pTargetAbove[EMOTIONS[i] as Emotion],
    0,
  );
}
