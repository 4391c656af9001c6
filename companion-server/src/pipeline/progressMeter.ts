import type { Progress, Stage } from '@emoeditor/shared';
import type { Limits } from './budget.ts';

export interface ProgressMeter {
  stage(stage: Stage): void;
  /** An iteration with this many steps and UNet evaluations begins. */
  iteration(iteration: number, steps: number, unetEvaluations: number): void;
  step(done: number, unetEvaluations: number): void;
}

/** Fraction after reading and encoding the source; the last hundredth is left for the result. */
const BEFORE_FIRST_ITERATION = 0.03;
const BEFORE_RESULT = 0.99;

/**
 * What the first iteration takes beyond its steps, as a factor: its decoding and judging are still to come. Rather too
 * long than too short, because the time left that is shown only falls.
 */
const UNSEEN = 1.3;

/**
 * Computes progress whose fraction never falls. 1 corresponds to all iterations that the limits allow.
 */
export function createProgressMeter(
  limits: Limits,
  now: () => number,
  emit: (progress: Progress) => void,
): ProgressMeter {
  const started = now();
  const { maxIterations } = limits;
  let firstIterationAt: number | null = null;
  let stage: Stage = 'encode';
  let [iteration, step, steps] = [0, 0, 0];
  let spent = 0;
  let planned = limits.maxUNetEvaluations;
  let fraction = 0;
  let shownMs = Number.POSITIVE_INFINITY;
  /** After the first step, which also warms up: steps are counted from there. */
  let afterFirst: { readonly at: number; readonly spent: number } | null = null;

  /** Undefined until enough was measured; afterwards it never rises. */
  const msLeft = (): number | undefined => {
    if (firstIterationAt === null || afterFirst === null || spent <= afterFirst.spent)
      return undefined;
    const msPerEvaluation = (now() - afterFirst.at) / (spent - afterFirst.spent);
    const unseen = iteration === 0 ? UNSEEN : 1;
    const byWork = msPerEvaluation * Math.max(0, planned - spent) * unseen;
    const byLimit = limits.maxSeconds * 1000 - (now() - started);
    shownMs = Math.max(0, Math.min(shownMs, byWork, byLimit));
    return shownMs;
  };
  const report = () => {
    const done = Math.min(1, spent / planned);
    const wanted =
      firstIterationAt === null
        ? 0
        : BEFORE_FIRST_ITERATION + done * (BEFORE_RESULT - BEFORE_FIRST_ITERATION);
    fraction = Math.min(BEFORE_RESULT, Math.max(fraction, wanted));
    const progress = { stage, iteration, maxIterations, step, steps, fraction };
    const etaMs = msLeft();
    emit(etaMs === undefined ? progress : { ...progress, etaMs: Math.round(etaMs) });
  };

  return {
    stage(next) {
      stage = next;
      report();
    },
    iteration(next, stepsOfIteration, unetEvaluations) {
      firstIterationAt ??= now();
      const iterationsLeft = maxIterations - next;
      planned = Math.min(limits.maxUNetEvaluations, spent + iterationsLeft * unetEvaluations);
      [stage, iteration, step, steps] = ['denoise', next, 0, stepsOfIteration];
      report();
    },
    step(done, unetEvaluations) {
      spent += unetEvaluations;
      step = done;
      afterFirst ??= { at: now(), spent };
      report();
    },
  };
}
