import * as z from 'zod/mini';

/** Mikels' eight emotions, in the class order of every predictor here (alphabetical, as in EmoEditor's code). */
export const EMOTIONS = [
  'amusement',
  'anger',
  'awe',
  'contentment',
  'disgust',
  'excitement',
  'fear',
  'sadness',
] as const;

export type Emotion = (typeof EMOTIONS)[number];

export const emotionSchema = z.enum(EMOTIONS);

/** Probabilities (or signed weights) over `EMOTIONS`, in that order. */
export const emotionVectorSchema = z.array(z.number()).check(z.length(EMOTIONS.length));
export type EmotionVector = number[];

/** What the user wants the picture to evoke: one emotion, or a blend with weights that need not sum to 1. */
export const emotionTargetSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('emotion'), emotion: emotionSchema }),
  z.object({
    kind: z.literal('blend'),
    weights: emotionVectorSchema.check(
      z.refine((weights) => weights.every((w) => w >= 0) && weights.some((w) => w > 0), {
        error: 'a blend needs eight weights of 0 or more, at least one above 0',
      }),
    ),
  }),
]);
export type EmotionTarget = z.infer<typeof emotionTargetSchema>;

/** The target as a distribution over the eight: one-hot for a single emotion, normalised weights for a blend. */
export function targetDistribution(target: EmotionTarget): EmotionVector {
  if (target.kind === 'emotion') return EMOTIONS.map((name) => (name === target.emotion ? 1 : 0));
  const sum = target.weights.reduce((total, weight) => total + weight, 0);
  return target.weights.map((weight) => weight / sum);
}

/** The target in words for layer names and messages: `Awe`, or `Awe 70 % + Fear 30 %`. */
export function describeTarget(target: EmotionTarget): string {
  const title = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
  if (target.kind === 'emotion') return title(target.emotion);
  return targetDistribution(target)
    .map((weight, index) => ({ weight, name: EMOTIONS[index] ?? '' }))
    .filter(({ weight }) => weight > 0.005)
    .sort((a, b) => b.weight - a.weight)
    .map(({ weight, name }) => `${title(name)} ${Math.round(weight * 100)} %`)
    .join(' + ');
}
