import { createScheduler } from '../../schedulers/createScheduler.ts';
import { startStepForTimestep } from '../../schedulers/scheduler.ts';
import { emotionDirection } from '../emotionDirection.ts';
import { FAST_ACCEPTANCE, type FastAcceptance, thresholdFor } from './fastAcceptance.ts';
import { FAST_SETTINGS, type FastSettings, STRENGTHS } from './fastSettings.ts';
import { fastScore, fastVerdict, isShownAlready } from './fastVerdict.ts';
import { type Bracket, isExhausted, narrowed, OPEN, rungs } from './ladder.ts';
import { bestOf, type IeiRules, indexOfGreatest, type Origin, type Pass } from './rules.ts';

/** State of the search after the iterations so far. */
interface Search {
  readonly bracket: Bracket;
  /** Pass whose picture is the start, −1 for the source. */
  readonly base: number;
}

/**
 * Few-step IEI: several candidates an iteration, as one batch, on a ladder of start noise and guidance. Each is judged
 * as its layer will look. The critic's verdicts narrow the ladder; once no level is left, the best picture so far
 * becomes the start and the direction is estimated anew from it.
 */
export function createFastRules(
  settings: FastSettings = FAST_SETTINGS,
  acceptance: FastAcceptance = FAST_ACCEPTANCE,
): IeiRules {
  const levelsOf = (bracket: Bracket, iteration: number) =>
    iteration === 0 && settings.firstLevels !== undefined
      ? settings.firstLevels
      : rungs(bracket, settings.candidates);
  const choose = (passes: readonly Pass[], origin: Origin) =>
    indexOfGreatest(passes.map((pass) => fastScore(bestOf(pass), origin, acceptance)));

  /** Start of the next search: the best picture, or the source again (with other noise) if that lost the structure. */
  const baseAfter = (passes: readonly Pass[], origin: Origin) => {
    const index = choose(passes, origin);
    const isLost = bestOf(passes[index] as Pass).ssim <= acceptance.ssimAbove;
    return isLost ? -1 : index;
  };

  const searchAfter = (passes: readonly Pass[], origin: Origin): Search =>
    passes.reduce<Search>(
      ({ bracket, base }, pass, index) => {
        const levels = levelsOf(bracket, index);
        const next = pass.scores.reduce(
          (known, report, k) =>
            narrowed(known, levels[k] as number, fastVerdict(report, origin, acceptance)),
          bracket,
        );
        if (!isExhausted(next)) return { bracket: next, base };
        return { bracket: OPEN, base: baseAfter(passes.slice(0, index + 1), origin) };
      },
      { bracket: OPEN, base: -1 },
    );

  const planFor = ({ bracket, base }: Search, passes: readonly Pass[], origin: Origin) => {
    const levels = levelsOf(bracket, passes.length);
    const from = passes[base];
    const startOf = (level: number) => between(settings, 'start', level);
    const scheduler = createScheduler('dpmSolver++', {
      spacing: 'trailing',
      steps: settings.steps,
      trainTimesteps: Math.round(1000 * startOf(levels[0] as number)),
    });
    const distribution = from === undefined ? origin.distribution : bestOf(from).distribution;
    const candidates = levels.map((level) => ({
      start: from?.latents ?? origin.latents,
      startStep: startStepForTimestep(scheduler, 1000 * startOf(level) - 1),
      direction: emotionDirection(origin.target, distribution),
      guidanceScale: between(settings, 'guidanceScale', level),
      unguidedSteps: Math.round(between(settings, 'unguidedSteps', level)),
    }));
    return { scheduler, candidates };
  };

  return {
    judges: 'delivered',
    strengths: settings.strengths ?? STRENGTHS,
    plan(passes, origin) {
      if (passes.at(-1)?.verdict === 'accepted') return null;
      // If the photograph already shows the target, one edit at the lowest level is enough.
      if (passes.length > 0 && isShownAlready(origin, acceptance)) return null;
      return planFor(searchAfter(passes, origin), passes, origin);
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
  setting: 'start' | 'guidanceScale' | 'unguidedSteps',
  level: number,
): number {
  const [weak = 0, strong = 0] = [weakest[setting], strongest[setting]];
  return weak + level * (strong - weak);
}
