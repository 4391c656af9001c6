import { affordable, cheapest, evaluationsOf, type Limits, type Price } from './budget.ts';
import type { DenoiseControl } from './denoise.ts';
import type { IeiRules, Origin, Pass, PassPlan } from './ieiRules/rules.ts';
import type { ProgressMeter } from './progressMeter.ts';

/** Runs one iteration; the loop itself knows neither models nor critic. */
export type RunPass<P extends Pass> = (
  plan: PassPlan,
  iteration: number,
  control: DenoiseControl,
) => Promise<P | null>;

export interface IterateOptions<P extends Pass> {
  readonly rules: IeiRules;
  readonly limits: Limits;
  /** What guidance costs; that over tokens when left out. */
  readonly price?: Price;
  readonly origin: Origin;
  readonly meter: ProgressMeter;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly run: RunPass<P>;
  /** Called after each iteration, with its number of UNet evaluations. */
  onPass(pass: P, index: number, unetEvaluations: number): void;
}

export interface Iterated<P extends Pass> {
  readonly passes: readonly P[];
  /** Index of the pass that the rules return. */
  readonly chosen: number;
  /** All that were run, those of a pass given up included. */
  readonly unetEvaluations: number;
}

/**
 * Iterative Emotion Inference: runs the iterations that the rules plan, until they are done or a limit is reached. The
 * limit on UNet evaluations is never exceeded; the time limit abandons an unfinished iteration, except the first, so
 * that there is always a picture.
 */
export async function iterate<P extends Pass>(options: IterateOptions<P>): Promise<Iterated<P>> {
  const { rules, limits, price, origin, meter, now, signal } = options;
  const deadline = now() + limits.maxSeconds * 1000;
  const passes: P[] = [];
  let spent = 0;
  while (passes.length < limits.maxIterations) {
    signal.throwIfAborted();
    const plan = nextPlan(rules, passes, origin, limits.maxUNetEvaluations - spent, price);
    if (plan === null || (passes.length > 0 && now() >= deadline)) break;
    const index = passes.length;
    const before = spent;
    const first = Math.min(...plan.candidates.map(({ startStep }) => startStep));
    meter.pass(index, plan.scheduler.timesteps.length - first, evaluationsOf(plan, price));
    const pass = await options.run(plan, index, {
      signal,
      isOutOfTime: () => index > 0 && now() >= deadline,
      onStep(done, unetEvaluations) {
        spent += unetEvaluations;
        meter.step(done, unetEvaluations);
      },
    });
    if (pass === null) break;
    passes.push(pass);
    options.onPass(pass, index, spent - before);
  }
  return { passes, chosen: rules.choose(passes, origin), unetEvaluations: spent };
}

function nextPlan(
  rules: IeiRules,
  passes: readonly Pass[],
  origin: Origin,
  evaluationsLeft: number,
  price: Price | undefined,
): PassPlan | null {
  const plan = rules.plan(passes, origin);
  if (plan === null) return null;
  return (
    affordable(plan, evaluationsLeft, price) ??
    (passes.length === 0 ? cheapest(plan, evaluationsLeft, price) : null)
  );
}
