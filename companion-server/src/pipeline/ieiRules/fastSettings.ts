import * as z from 'zod/mini';

/** Start noise and guidance of one level of push. */
const levelSchema = z.pipe(
  z.transform(withStartStrength),
  z.object({
    /** img2img strength (`strength` in diffusers): fraction of the 1000 training timesteps to start from. */
    startStrength: z.number().check(z.gt(0), z.lte(1)),
    guidanceScale: z.number().check(z.gte(0), z.lte(20)),
    /** Number of last steps without guidance, which cost half; none when left out. */
    unguidedSteps: z.optional(z.int().check(z.gte(0), z.lte(100))),
  }),
);

/** Bundles made before the field had this name call it `start`. */
function withStartStrength(level: unknown): unknown {
  if (typeof level !== 'object' || level === null || !('start' in level)) return level;
  const { start, ...others } = level;
  return { startStrength: start, ...others };
}

/** Settings of the `fast` rules; a bundle may recommend its own, because they belong to the weights. */
export const fastSettingsSchema = z.object({
  /** Steps of the strongest candidate; weaker ones join later and take fewer. */
  steps: z.int().check(z.gte(1), z.lte(100)),
  /**
   * Levels of push, 0 (weakest) to 1 (strongest), that the first iteration tries, one candidate each; as many as in the
   * others, evenly spread, when left out.
   */
  firstLevels: z.optional(
    z.array(z.number().check(z.gt(0), z.lte(1))).check(z.minLength(1), z.maxLength(8)),
  ),
  candidates: z.int().check(z.gte(1), z.lte(8)),
  weakest: levelSchema,
  strongest: levelSchema,
  /** Descending strengths of the whole edit at which an edit accepted at strength 1 is judged again. */
  strengths: z.optional(z.array(z.number().check(z.gt(0), z.lt(1))).check(z.maxLength(8))),
  maxIterations: z.int().check(z.gte(1), z.lte(30)),
  maxUNetEvaluations: z.int().check(z.gte(1), z.lte(2000)),
  maxSeconds: z.number().check(z.positive(), z.lte(3600)),
});
export type FastSettings = z.infer<typeof fastSettingsSchema>;

/** Default where neither bundle nor request has any. */
export const STRENGTHS: readonly number[] = [0.8, 0.65, 0.5, 0.35];

export const FAST_SETTINGS: FastSettings = {
  steps: 8,
  candidates: 3,
  weakest: { startStrength: 0.6, guidanceScale: 1 },
  strongest: { startStrength: 0.98, guidanceScale: 3 },
  maxIterations: 4,
  maxUNetEvaluations: 80,
  maxSeconds: 120,
};
