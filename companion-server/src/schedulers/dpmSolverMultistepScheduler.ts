import { combine } from './combine.ts';
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
      return combine(alpha, latents, sigma, noise);
    },
    step(noisePred, step, sample, state) {
      const from = levelAt(step);
      const goal = step + 1 === timesteps.length ? CLEAN : levelAt(step + 1);
      const predOriginalSample = combine(
        1 / from.alpha,
        sample,
        -from.sigma / from.alpha,
        noisePred,
      );
      const next = { predOriginalSample, state: { kind: 'followed', predOriginalSample } } as const;
      if (goal.sigma === 0) return { prevSample: predOriginalSample, ...next };
      const h = goal.lambda - from.lambda;
      const estimate =
        state.kind === 'fresh'
          ? predOriginalSample
          : extrapolate(predOriginalSample, state.predOriginalSample, levelAt(step - 1), from, h);
      const prevSample = combine(
        goal.sigma / from.sigma,
        sample,
        -goal.alpha * Math.expm1(-h),
        estimate,
      );
      return { prevSample, ...next };
    },
  };
}

/** x₀ half a step ahead along the line through the last two estimates. */
function extrapolate(
  now: Float32Array,
  before: Float32Array,
  previous: Level,
  from: Level,
  h: number,
): Float32Array {
  const share = (0.5 * h) / (from.lambda - previous.lambda);
  return combine(1 + share, now, -share, before);
}
