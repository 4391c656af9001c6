import { createScheduler } from '../../schedulers/createScheduler.ts';
import { emotionDirection } from '../emotionDirection.ts';
import { type Acceptance, PUBLISHED, verdictOf } from './acceptance.ts';
import { planFromNoise } from './fromNoise.ts';
import { bestOf, type IeiRules, indexOfGreatest } from './rules.ts';
import { randomTrainTimesteps } from './startTimestep.ts';

export interface PaperSettings {
  readonly steps: number;
  readonly guidanceScale: number;
  /** True for models that paint from pure noise; see {@link planFromNoise}. */
  readonly isFromNoise?: boolean;
}

/** 30 DDIM steps without guidance. */
export const PAPER_SETTINGS: PaperSettings = { steps: 30, guidanceScale: 1 };

/**
 * IEI as published (arXiv 2403.08255, §3): each generated picture is the next start, the direction is estimated
 * anew from it, the image condition stays the original; accepted on SSIM and confidence; none: the most confident.
 */
export function createPaperRules(
  settings: PaperSettings = PAPER_SETTINGS,
  acceptance: Acceptance = PUBLISHED,
): IeiRules {
  return {
    judges: 'decoded',
    strengths: [],
    plan(iterations, origin) {
      const last = iterations.at(-1);
      if (last?.verdict === 'accepted') return null;
      if (settings.isFromNoise) return planFromNoise(origin, settings);
      const scheduler = createScheduler('ddim', {
        spacing: 'trailing',
        steps: settings.steps,
        trainTimesteps: randomTrainTimesteps(origin.seed, iterations.length),
      });
      const distribution = last === undefined ? origin.distribution : bestOf(last).distribution;
      const candidate = {
        start: last?.latents ?? origin.latents,
        startStep: 0,
        direction: emotionDirection(origin.target, distribution),
        guidanceScale: settings.guidanceScale,
      };
      return { scheduler, candidates: [candidate] };
    },
    judge: (report) => verdictOf(report, acceptance),
    asked: () => acceptance.pTargetAbove,
    rank: ({ pTarget }) => pTarget,
    choose(iterations) {
      const accepted = iterations.findIndex(({ verdict }) => verdict === 'accepted');
      if (accepted >= 0) return accepted;
      return indexOfGreatest(iterations.map((iteration) => bestOf(iteration).pTarget));
    },
  };
}
