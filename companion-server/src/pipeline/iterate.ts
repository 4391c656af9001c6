import { affordable, cheapest, evaluationsOf, type Limits, type Price } from './budget.ts';
import type { DenoiseControl } from './denoise.ts';
import type { IeiRules, Iteration, IterationPlan, Origin } from './ieiRules/rules.ts';
import type { ProgressMeter } from './progressMeter.ts';

/** Runs one iteration; the loop itself knows neither models nor critic. */
export type RunIteration<I extends Iteration> = (
  plan: IterationPlan,
  iteration: number,
  control: DenoiseControl,
) => Promise<I | null>;

export interface IterateOptions<I extends Iteration> {
  readonly rules: IeiRules;
  readonly limits: Limits;
  /** What guidance costs; that over tokens when left out. */
  readonly price?: Price;
  readonly origin: Origin;
  readonly meter: ProgressMeter;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly run: RunIteration<I>;
  /** Called after each iteration, with its number of UNet evaluations. */
  onIteration(iteration: I, index: number, unetEvaluations: number): void;
}

export interface Iterated<I extends Iteration> {
  readonly iterations: readonly I[];
  /** Index of the iteration that the rules return. */
  readonly chosen: number;
  /** All that were run, those of an iteration given up included. */
  readonly unetEvaluations: number;
}

/**
 * Iterative Emotion Inference: runs the iterations that the rules plan, until they are done or a limit is reached. The
 * limit on UNet evaluations is never exceeded; the time limit abandons an unfinished iteration, except the first, so
 * that there is always a picture.
 */
export async function iterate<I extends Iteration>(
  options: IterateOptions<I>,
): Promise<Iterated<I>> {
  const { rules, limits, price, origin, meter, now, signal } = options;
  const deadline = now() + limits.maxSeconds * 1000;
  const iterations: I[] = [];
  let spent = 0;
  while (iterations.length < limits.maxIterations) {
    signal.throwIfAborted();
    const plan = nextPlan(rules, iterations, origin, limits.maxUNetEvaluations - spent, price);
    if (plan === null || (iterations.length > 0 && now() >= deadline)) break;
    const index = iterations.length;
    const before = spent;
    const first = Math.min(...plan.candidates.map(({ startStep }) => startStep));
    meter.iteration(index, plan.scheduler.timesteps.length - first, evaluationsOf(plan, price));
    const iteration = await options.run(plan, index, {
      signal,
      isOutOfTime: () => index > 0 && now() >= deadline,
      onStep(done, unetEvaluations) {
        spent += unetEvaluations;
        meter.step(done, unetEvaluations);
      },
    });
    if (iteration === null) break;
    iterations.push(iteration);
    options.onIteration(iteration, index, spent - before);
  }
  return { iterations, chosen: rules.choose(iterations, origin), unetEvaluations: spent };
}

function nextPlan(
  rules: IeiRules,
  iterations: readonly Iteration[],
  origin: Origin,
  evaluationsLeft: number,
  price: Price | undefined,
): IterationPlan | null {
  const plan = rules.plan(iterations, origin);
  if (plan === null) return null;
  return (
    affordable(plan, evaluationsLeft, price) ??
    (iterations.length === 0 ? cheapest(plan, evaluationsLeft, price) : null)
  );
}
