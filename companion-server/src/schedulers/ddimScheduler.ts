import { combine, combineChained } from '../tensor/combine.ts';
import { type NoiseSchedule, noiseLevel } from './noiseSchedule.ts';
import { FRESH, type Scheduler, timestepAt } from './scheduler.ts';
import { ddimTimesteps, type Spacing } from './timestepSpacing.ts';

/**
 * DDIM, η = 0 (Song et al. 2021, eq. 12), as diffusers' DDIMScheduler with `clip_sample` and `set_alpha_to_one` false:
 * the step's goal is t − ⌊T/steps⌋ whatever the spacing, and below 0 it is the first training timestep.
 */
export function createDdimScheduler(schedule: NoiseSchedule, spacing: Spacing): Scheduler {
  const timesteps = ddimTimesteps(spacing);
  const stride = Math.floor(spacing.trainTimesteps / spacing.steps);
  return {
    timesteps,
    addNoise(latents, noise, step) {
      const { alpha, sigma } = noiseLevel(schedule, timestepAt({ timesteps }, step));
      return combine([alpha, latents], [sigma, noise]);
    },
    step(noisePred, step, sample) {
      const timestep = timestepAt({ timesteps }, step);
      const { alpha, sigma } = noiseLevel(schedule, timestep);
      const goal = noiseLevel(schedule, Math.max(0, timestep - stride));
      const [predOriginalSample, prevSample] = combineChained(
        [1 / alpha, sample],
        [-sigma / alpha, noisePred],
        { sampleWeight: 0, resultWeight: goal.alpha, other: [goal.sigma, noisePred] },
      );
      return { prevSample, predOriginalSample, state: FRESH };
    },
  };
}
