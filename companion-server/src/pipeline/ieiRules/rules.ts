import type { EmotionVector, ScenePlan, Verdict } from '@emoeditor/shared';
import type { Scheduler } from '../../schedulers/scheduler.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { CriticReport } from '../critic/critic.ts';

/** Where an edit begins. */
export interface Origin {
  readonly seed: number;
  /** Latents of the original source, [1, c, h, w]; the image condition of every step. */
  readonly latents: Tensor;
  /** The predictor's reading of the source. */
  readonly distribution: EmotionVector;
  /** The target as a distribution. */
  readonly target: EmotionVector;
}

/** One picture to be made. */
export interface Candidate {
  /** Clean latents that are noised as the start, [1, c, h, w]. */
  readonly start: Tensor;
  /** Step of the iteration's scheduler at which it joins. */
  readonly startStep: number;
  readonly direction: EmotionVector;
  readonly guidanceScale: number;
  /** How many of the last steps take the conditional prediction as it is; none when left out. */
  readonly unguidedSteps?: number;
}

/** One iteration: its candidates run as one batch over one schedule. */
export interface IterationPlan {
  readonly scheduler: Scheduler;
  readonly candidates: readonly Candidate[];
}

/** A finished iteration. */
export interface Iteration {
  readonly plan: IterationPlan;
  /** One per candidate. */
  readonly scores: readonly CriticReport[];
  /** Index of the candidate that the iteration stands for. */
  readonly best: number;
  readonly verdict: Verdict;
  /** The best candidate's latents, [1, c, h, w]. */
  readonly latents: Tensor;
  /** There where something was added to the scene. */
  readonly scene?: ScenePlan;
}

/** A set of rules for Iterative Emotion Inference. Pure: everything follows from the origin and the iterations so far. */
export interface IeiRules {
  /** The picture that is judged: as its layer will look (`delivered`), or as the VAE decodes it (`decoded`). */
  readonly judges: 'delivered' | 'decoded';
  /** Descending strengths below 1 at which an accepted picture is judged again; the smallest accepted one is kept. */
  readonly strengths: readonly number[];
  /** The next iteration, or null when the loop is over. */
  plan(iterations: readonly Iteration[], origin: Origin): IterationPlan | null;
  judge(report: CriticReport, origin: Origin): Verdict;
  /** P(target) above which a picture shows the target. */
  asked(origin: Origin): number;
  /** Greater is better; picks the candidate an iteration stands for. */
  rank(report: CriticReport, origin: Origin): number;
  /** Index of the iteration to return; there is at least one. */
  choose(iterations: readonly Iteration[], origin: Origin): number;
}

/** The report of the candidate that the iteration stands for. */
export function bestOf({ scores, best }: Iteration): CriticReport {
  const report = scores[best];
  if (report === undefined) {
    throw new RangeError(`Expected one of ${scores.length} candidates but received ${best}.`);
  }
  return report;
}

/** Index of the greatest; of equals the first. */
export function indexOfGreatest(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > (values[best] as number) ? i : best), 0);
}
