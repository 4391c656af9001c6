import type { CriticReport } from '@emoeditor/companion-server/pipeline/critic/critic.ts';
import {
  type IeiRules,
  type Iteration,
  type IterationPlan,
  indexOfGreatest,
  type Origin,
} from '@emoeditor/companion-server/pipeline/ieiRules/rules.ts';
import { tensor } from '@emoeditor/companion-server/tensor/tensor.ts';
import { type EmotionTarget, targetDistribution } from '@emoeditor/shared';
import { type Opinion, reportOf } from '../../../fakes/scriptedCritic.ts';
import { AWE } from './editing.ts';

/** Latents that only say whose they are. */
const marked = (mark: number) => tensor(Float32Array.of(mark), [1, 1, 1, 1]);
export const SOURCE_MARK = -1;
export const markOf = (plan: IterationPlan, candidate = 0) =>
  plan.candidates[candidate]!.start.data[0];

export function originOf(target: EmotionTarget = AWE, seed = 42): Origin {
  return {
    seed,
    latents: marked(SOURCE_MARK),
    distribution: [0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
    target: targetDistribution(target),
  };
}

export interface Played {
  readonly plans: IterationPlan[];
  readonly iterations: Iteration[];
  readonly origin: Origin;
}

/**
 * Plays a rule set against a list of opinions, one entry per iteration, without any model: iteration k's latents carry the
 * mark k, so a plan shows whose picture it starts from.
 */
export function play(
  rules: IeiRules,
  script: ReadonlyArray<readonly Opinion[]>,
  origin: Origin = originOf(),
  target: EmotionTarget = AWE,
): Played {
  const plans: IterationPlan[] = [];
  const iterations: Iteration[] = [];
  for (const opinions of script) {
    const plan = rules.plan(iterations, origin);
    if (plan === null) break;
    plans.push(plan);
    const scores = plan.candidates.map(
      (_, i): CriticReport => reportOf(opinions[Math.min(i, opinions.length - 1)]!, target),
    );
    const best = indexOfGreatest(scores.map((report) => rules.rank(report, origin)));
    const verdict = rules.judge(scores[best]!, origin);
    iterations.push({ plan, scores, best, verdict, latents: marked(iterations.length) });
  }
  return { plans, iterations, origin };
}
