import { combine, combineChained } from '../tensor/combine.ts';
import type { Term } from '../tensor/tensorKernel.ts';
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
      const ofSample: Term = [1 / from.alpha, sample];
      const ofNoise: Term = [-from.sigma / from.alpha, noisePred];
      if (goal.sigma === 0) {
        const clean = combine(ofSample, ofNoise);
        return { prevSample: clean, ...followedBy(clean) };
      }
      const h = goal.lambda - from.lambda;
      const added = -goal.alpha * Math.expm1(-h);
      // Half a step ahead along the line through the last two estimates.
      const [ahead, before] =
        state.kind === 'fresh'
          ? [0, sample]
          : [(0.5 * h) / (from.lambda - levelAt(step - 1).lambda), state.predOriginalSample];
      const [predOriginalSample, prevSample] = combineChained(ofSample, ofNoise, {
        sampleWeight: goal.sigma / from.sigma,
        resultWeight: added * (1 + ahead),
        other: [-added * ahead, before],
      });
      return { prevSample, ...followedBy(predOriginalSample) };
    },
  };
}

const followedBy = (predOriginalSample: Float32Array) => ({
  predOriginalSample,
  state: { kind: 'followed', predOriginalSample } as const,
});
