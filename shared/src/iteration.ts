import * as z from 'zod/mini';
import { emotionVectorSchema } from './emotion.ts';

/** Why IEI accepted an iteration or went on. */
export const verdictSchema = z.enum(['accepted', 'ssimTooLow', 'ssimTooHigh', 'confidenceTooLow']);
export type Verdict = z.infer<typeof verdictSchema>;

/** One pass of IEI as the critic saw it. */
export const iterationReportSchema = z.object({
  /** 0-based, in the order they were made. */
  index: z.int().check(z.gte(0)),
  /** The predictor's probabilities over the eight for this iteration's picture. */
  distribution: emotionVectorSchema,
  /** Probability of the target: Σ wᵢ·pᵢ / max(w), so a single emotion gives its own probability. */
  pTarget: z.number(),
  /** Structural similarity to the original source (greyscale, uniform window of 23 % of the short side). */
  ssim: z.number(),
  verdict: verdictSchema,
  /** UNet evaluations spent on this iteration, all candidates counted. */
  unetEvaluations: z.int(),
});
export type IterationReport = z.infer<typeof iterationReportSchema>;

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
