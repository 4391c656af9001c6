import { createScheduler } from '../../schedulers/createScheduler.ts';
import { startStepForTimestep } from '../../schedulers/scheduler.ts';
import type { CriticReport } from '../critic/critic.ts';
import { emotionDirection } from '../emotionDirection.ts';
import { type Acceptance, PUBLISHED, verdictOf } from './acceptance.ts';
import { FAST_SETTINGS, type FastSettings } from './fastSettings.ts';
import { type Bracket, isExhausted, narrowed, OPEN, rungs } from './ladder.ts';
import { bestOf, type IeiRules, indexOfGreatest, type Origin, type Pass } from './rules.ts';

/** What the passes so far have taught. */
interface Search {
  readonly bracket: Bracket;
  /** Pass whose picture is the start, −1 for the source. */
  readonly base: number;
}

/** P(target) a whole step of SSIM outside the window costs: losing the picture costs more than changing it little. */
const LOST = 4;
const UNCHANGED = 2;

/**
 * The declared score: any picture inside the SSIM window beats any outside; inside, the more confident wins;
 * outside, confidence less the distance to the window.
 */
export function fastScore({ ssim, pTarget }: CriticReport, window: Acceptance): number {
  const below = Math.max(0, window.ssimAbove - ssim);
  const above = Math.max(0, ssim - window.ssimBelow);
  const isInside = ssim > window.ssimAbove && ssim < window.ssimBelow;
  return pTarget + (isInside ? 1 : 0) - LOST * below - UNCHANGED * above;
}

/**
 * Few-step IEI: several candidates an iteration, as one batch, on a ladder of start noise and guidance. The critic's
 * verdicts narrow the ladder; once no level is left, the best picture so far becomes the start and the direction
 * is estimated anew from it.
 */
export function createFastRules(
  settings: FastSettings = FAST_SETTINGS,
  acceptance: Acceptance = PUBLISHED,
): IeiRules {
  const levelsOf = (bracket: Bracket, iteration: number) =>
    iteration === 0 && settings.firstLevels !== undefined
      ? settings.firstLevels
      : rungs(bracket, settings.candidates);
  const score = (report: CriticReport) => fastScore(report, acceptance);
  const choose = (passes: readonly Pass[]) =>
    indexOfGreatest(passes.map((pass) => score(bestOf(pass))));

  /** A picture that lost the structure is no start; then the source stays it, with other noise. */
  const baseAfter = (passes: readonly Pass[]) => {
    const index = choose(passes);
    const isLost = bestOf(passes[index] as Pass).ssim <= acceptance.ssimAbove;
    return isLost ? -1 : index;
  };

  const searchAfter = (passes: readonly Pass[]): Search =>
    passes.reduce<Search>(
      ({ bracket, base }, pass, index) => {
        const levels = levelsOf(bracket, index);
        const next = pass.scores.reduce(
          (known, report, k) => narrowed(known, levels[k] as number, verdictOf(report, acceptance)),
          bracket,
        );
        if (!isExhausted(next)) return { bracket: next, base };
        return { bracket: OPEN, base: baseAfter(passes.slice(0, index + 1)) };
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
    plan(passes, origin) {
      if (passes.at(-1)?.verdict === 'accepted') return null;
      return planFor(searchAfter(passes), passes, origin);
    },
    judge: (report) => verdictOf(report, acceptance),
    rank: score,
    choose,
  };
}

/** What a level of push is in numbers. */
function between(
  { weakest, strongest }: FastSettings,
  setting: 'start' | 'guidanceScale' | 'unguidedSteps',
  level: number,
): number {
  const [weak = 0, strong = 0] = [weakest[setting], strongest[setting]];
  return weak + level * (strong - weak);
}
