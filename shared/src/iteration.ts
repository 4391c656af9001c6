import * as z from 'zod/mini';
import { emotionVectorSchema } from './emotion.ts';
import { toldSceneSchema } from './scenePlan.ts';

/** Why IEI accepted an iteration or went on. */
export const verdictSchema = z.enum([
  'accepted',
  'ssimTooLow',
  'ssimTooHigh',
  'confidenceTooLow',
  /** P(target) is high enough but was as high before. */
  'notRisen',
]);
export type Verdict = z.infer<typeof verdictSchema>;

/** Report on one iteration of IEI. Its figures are measured on the resulting layer, at intensity 1, within its region. */
export const iterationReportSchema = z.object({
  /** 0-based, in the order they were made. */
  index: z.int().check(z.gte(0)),
  /** The predictor's probabilities over the eight. */
  distribution: emotionVectorSchema,
  /** Probability of the target: Σ wᵢ·pᵢ / max(w), so a single emotion gives its own probability. */
  pTarget: z.number(),
  /**
   * Structural similarity to the original source (greyscale, uniform window of 23 % of the short side). With a scene it
   * is that of what the scene's elements are to keep: persons and things, else all but the sky.
   */
  ssim: z.number(),
  verdict: verdictSchema,
  /** Strength of the edit in the layer: the smallest one that is accepted; 1 when left out. */
  strength: z.optional(z.number().check(z.gt(0), z.lte(1))),
  /** Figures that the verdict is based on where they differ: the published rules judge the VAE's decoded picture. */
  judged: z.optional(z.object({ pTarget: z.number(), ssim: z.number() })),
  /** What the iteration adds to the scene; the light alone is changed when left out. */
  scene: z.optional(toldSceneSchema),
  /** UNet evaluations spent on this iteration, all candidates counted. */
  unetEvaluations: z.int(),
});
export type IterationReport = z.infer<typeof iterationReportSchema>;

/** How a run ended, in a word for programs and a sentence for people. */
export const outcomeSchema = z.object({
  /** `alreadyShown`: the photograph exceeded the target's threshold before the edit, so it was changed little. */
  kind: z.enum(['convinced', 'alreadyShown', 'notConvinced']),
  /** What was reached, what was asked for, and why this iteration was chosen. */
  reason: z.string(),
});
export type Outcome = z.infer<typeof outcomeSchema>;

export const stageSchema = z.enum([
  'queued',
  'encode',
  'predict',
  'denoise',
  'decode',
  'score',
  'composite',
]);
export type Stage = z.infer<typeof stageSchema>;

/** Where a job stands. `fraction` never falls and reaches 1 only when the result is there. */
export const progressSchema = z.object({
  stage: stageSchema,
  iteration: z.int(),
  maxIterations: z.int(),
  step: z.int(),
  steps: z.int(),
  fraction: z.number(),
  /** Milliseconds to go if no earlier iteration is accepted; absent until something was measured. */
  etaMs: z.optional(z.number()),
});
export type Progress = z.infer<typeof progressSchema>;
