import * as z from 'zod/mini';
import { emotionTargetSchema } from './emotion.ts';
import { sceneChoiceSchema } from './scenePlan.ts';

/**
 * Iterative Emotion Inference, one loop with three sets of rules:
 * `paper` as published, `official` as the authors' code behaves (bounded), `fast` few-step and batched (default).
 */
export const ieiModeSchema = z.enum(['fast', 'paper', 'official']);
export type IeiMode = z.infer<typeof ieiModeSchema>;

/** Everything that affects the result of one edit, apart from the pixels. */
export const editRequestSchema = z.object({
  target: emotionTargetSchema,
  mode: z._default(ieiModeSchema, 'fast'),
  /** Same seed, bundle, provider and pixels: the same result to the bit. */
  seed: z._default(z.int().check(z.gte(0), z.lte(0xffffffff)), 42),
  /** Overrides of the mode's own settings; a missing one means the mode decides. */
  maxIterations: z.optional(z.int().check(z.gte(1), z.lte(30))),
  candidates: z.optional(z.int().check(z.gte(1), z.lte(8))),
  steps: z.optional(z.int().check(z.gte(2), z.lte(100))),
  guidanceScale: z.optional(z.number().check(z.gte(0), z.lte(20))),
  maxUNetEvaluations: z.optional(z.int().check(z.gte(1), z.lte(2000))),
  maxSeconds: z.optional(z.number().check(z.positive(), z.lte(3600))),
  /** What may be added to the scene; the server decides when left out. Only `fast` adds anything. */
  scene: z.optional(sceneChoiceSchema),
});
export type EditRequest = z.infer<typeof editRequestSchema>;
/** Input form of a request, in which fields with defaults may be left out. */
export type EditRequestInput = z.input<typeof editRequestSchema>;
