import { evaluationsPerStep } from './guidance/createGuidance.ts';
import type { Candidate, IterationPlan } from './ieiRules/rules.ts';

/** Hard limits of one edit. */
export interface Limits {
  readonly maxIterations: number;
  readonly maxUNetEvaluations: number;
  readonly maxSeconds: number;
}

/** UNet evaluations a step for a guidance scale. */
export type Price = (guidanceScale: number) => number;

function costOf(candidate: Candidate, steps: number, price: Price): number {
  const { startStep, guidanceScale, unguidedSteps = 0 } = candidate;
  const unguided = Math.min(unguidedSteps, steps - startStep);
  return (steps - startStep - unguided) * price(guidanceScale) + unguided * price(1);
}

/** UNet evaluations of one iteration. */
export function evaluationsOf(
  { scheduler, candidates }: IterationPlan,
  price: Price = evaluationsPerStep,
): number {
  const steps = scheduler.timesteps.length;
  return candidates.reduce((total, candidate) => total + costOf(candidate, steps, price), 0);
}

/** The plan without the last candidates that exceed the remaining UNet evaluations; null when none is left. */
export function affordable(
  plan: IterationPlan,
  evaluationsLeft: number,
  price: Price = evaluationsPerStep,
): IterationPlan | null {
  const candidates: Candidate[] = [];
  let left = evaluationsLeft;
  for (const candidate of plan.candidates) {
    left -= costOf(candidate, plan.scheduler.timesteps.length, price);
    if (left < 0) break;
    candidates.push(candidate);
  }
  return candidates.length === 0 ? null : { ...plan, candidates };
}

/**
 * The plan's first candidate, started late enough to fit the remaining UNet evaluations, so that even the smallest limit
 * gives a picture; without guidance where even one guided step is too much.
 */
export function cheapest(
  plan: IterationPlan,
  evaluationsLeft: number,
  price: Price = evaluationsPerStep,
): IterationPlan {
  const [first] = plan.candidates;
  if (first === undefined)
    throw new RangeError('Expected an iteration with a candidate but it has none.');
  const isTooDear = evaluationsLeft < price(first.guidanceScale);
  const guidanceScale = isTooDear ? 1 : first.guidanceScale;
  const steps = Math.max(1, Math.floor(evaluationsLeft / price(guidanceScale)));
  const startStep = Math.max(first.startStep, plan.scheduler.timesteps.length - steps);
  return { ...plan, candidates: [{ ...first, guidanceScale, startStep }] };
}
