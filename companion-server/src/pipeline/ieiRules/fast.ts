import { createScheduler } from '../../schedulers/createScheduler.ts';
import { startStepForTimestep } from '../../schedulers/scheduler.ts';
import { emotionDirection } from '../emotionDirection.ts';
import { type Bracket, isExhausted, levelsWithin, narrowed, OPEN } from './bracket.ts';
import { FAST_ACCEPTANCE, type FastAcceptance, thresholdFor } from './fastAcceptance.ts';
import { FAST_SETTINGS, type FastSettings, STRENGTHS } from './fastSettings.ts';
import { fastScore, fastVerdict, isShownAlready } from './fastVerdict.ts';
import { bestOf, type IeiRules, type Iteration, indexOfGreatest, type Origin } from './rules.ts';

/** State of the search after the iterations so far. */
interface Search {
  readonly bracket: Bracket;
  /** Iteration whose picture is the start, −1 for the source. */
  readonly base: number;
}

/**
 * Few-step IEI: several candidates an iteration, as one batch, at several levels of start noise and guidance. Each is judged
 * as its layer will look. The critic's verdicts narrow the bracket of levels; once no level is left, the best picture so far
 * becomes the start and the direction is estimated anew from it.
 */
export function createFastRules(
  settings: FastSettings = FAST_SETTINGS,
  acceptance: FastAcceptance = FAST_ACCEPTANCE,
): IeiRules {
  const levelsOf = (bracket: Bracket, iteration: number) =>
    iteration === 0 && settings.firstLevels !== undefined
      ? settings.firstLevels
      : levelsWithin(bracket, settings.candidates);
  const choose = (iterations: readonly Iteration[], origin: Origin) =>
    indexOfGreatest(
      iterations.map((iteration) =>
        fastScore(bestOf(iteration), origin, acceptance, iteration.scene !== undefined),
      ),
    );

  /** Start of the next search: the best picture, or the source again (with other noise) if that lost the structure. */
  const baseAfter = (iterations: readonly Iteration[], origin: Origin) => {
    const index = choose(iterations, origin);
    const isLost = bestOf(iterations[index] as Iteration).ssim <= acceptance.ssimAbove;
    return isLost ? -1 : index;
  };

  const searchAfter = (iterations: readonly Iteration[], origin: Origin): Search =>
    iterations.reduce<Search>(
      ({ bracket, base }, iteration, index) => {
        const levels = levelsOf(bracket, index);
        const next = iteration.scores.reduce(
          (known, report, k) =>
            narrowed(known, levels[k] as number, fastVerdict(report, origin, acceptance)),
          bracket,
        );
        if (!isExhausted(next)) return { bracket: next, base };
        return { bracket: OPEN, base: baseAfter(iterations.slice(0, index + 1), origin) };
      },
      { bracket: OPEN, base: -1 },
    );

  const planFor = ({ bracket, base }: Search, iterations: readonly Iteration[], origin: Origin) => {
    const levels = levelsOf(bracket, iterations.length);
    const from = iterations[base];
    const startStrengthAt = (level: number) => between(settings, 'startStrength', level);
    const scheduler = createScheduler('dpmSolver++', {
      spacing: 'trailing',
      steps: settings.steps,
      trainTimesteps: Math.round(1000 * startStrengthAt(levels[0] as number)),
    });
    const distribution = from === undefined ? origin.distribution : bestOf(from).distribution;
    const candidates = levels.map((level) => ({
      start: from?.latents ?? origin.latents,
      startStep: startStepForTimestep(scheduler, 1000 * startStrengthAt(level) - 1),
      direction: emotionDirection(origin.target, distribution),
      guidanceScale: between(settings, 'guidanceScale', level),
      unguidedSteps: Math.round(between(settings, 'unguidedSteps', level)),
    }));
    return { scheduler, candidates };
  };

  return {
    judges: 'delivered',
    strengths: settings.strengths ?? STRENGTHS,
    plan(iterations, origin) {
      if (iterations.at(-1)?.verdict === 'accepted') return null;
      // If the photograph already shows the target, one edit at the lowest level is enough.
      if (iterations.length > 0 && isShownAlready(origin, acceptance)) return null;
      return planFor(searchAfter(iterations, origin), iterations, origin);
    },
    judge: (report, origin) => fastVerdict(report, origin, acceptance),
    asked: ({ target }) => thresholdFor(acceptance, target),
    rank: (report, origin) => fastScore(report, origin, acceptance),
    choose,
  };
}

/** Start noise and guidance of a level, interpolated between the weakest and the strongest. */
function between(
  { weakest, strongest }: FastSettings,
  setting: 'startStrength' | 'guidanceScale' | 'unguidedSteps',
  level: number,
): number {
  const [weak = 0, strong = 0] = [weakest[setting], strongest[setting]];
  return weak + level * (strong - weak);
}
