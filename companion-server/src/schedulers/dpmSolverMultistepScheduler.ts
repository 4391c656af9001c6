import { combine } from '../tensor/combine.ts';
import { type NoiseSchedule, noiseLevel } from './noiseSchedule.ts';
import { type Scheduler, timestepAt } from './scheduler.ts';
import { dpmSolverTimesteps, type Spacing } from './timestepSpacing.ts';

interface Level {
  readonly alpha: number;
  readonly sigma: number;
  /** Half the log signal-to-noise ratio, ln(α/σ): the solver's time. */
  readonly lambda: number;
}

const CLEAN: Level = { alpha: 1, sigma: 0, lambda: Number.POSITIVE_INFINITY };

/**
 * DPM-Solver++ 2M, midpoint (Lu et al. 2022, arXiv 2211.01095, algorithm 2), as diffusers' DPMSolverMultistepScheduler
 * with `final_sigmas_type` zero: first order where sampling starts and on the last step, which ends clean.
 */
export function createDpmSolverMultistepScheduler(
  schedule: NoiseSchedule,
  spacing: Spacing,
): Scheduler {
  const timesteps = dpmSolverTimesteps(spacing);
  const levelAt = (step: number): Level => {
    const { alpha, sigma } = noiseLevel(schedule, timestepAt({ timesteps }, step));
    return { alpha, sigma, lambda: Math.log(alpha / sigma) };
  };
  return {
    timesteps,
    addNoise(latents, noise, step) {
      const { alpha, sigma } = noiseLevel(schedule, timestepAt({ timesteps }, step));
      return combine([alpha, latents], [sigma, noise]);
    },
    step(noisePred, step, sample, state) {
      const from = levelAt(step);
      const goal = step + 1 === timesteps.length ? CLEAN : levelAt(step + 1);
      const predOriginalSample = combine(
        [1 / from.alpha, sample],
        [-from.sigma / from.alpha, noisePred],
      );
      const next = { predOriginalSample, state: { kind: 'followed', predOriginalSample } } as const;
      if (goal.sigma === 0) return { prevSample: predOriginalSample, ...next };
      const h = goal.lambda - from.lambda;
      const kept = [goal.sigma / from.sigma, sample] as const;
      const added = -goal.alpha * Math.expm1(-h);
      if (state.kind === 'fresh') {
        return { prevSample: combine(kept, [added, predOriginalSample]), ...next };
      }
      // Half a step ahead along the line through the last two estimates.
      const ahead = (0.5 * h) / (from.lambda - levelAt(step - 1).lambda);
      const prevSample = combine(
        kept,
        [added * (1 + ahead), predOriginalSample],
        [-added * ahead, state.predOriginalSample],
      );
      return { prevSample, ...next };
    },
  };
}
