import { combine } from '../tensor/combine.ts';
import type { NoiseSchedule } from './noiseSchedule.ts';
import { FRESH, type Scheduler, timestepAt } from './scheduler.ts';
import type { Spacing } from './timestepSpacing.ts';

/** Noise level at a point between two training timesteps, in the solver's own terms: a sample is clean + σ·noise. */
interface Level {
  readonly sigma: number;
  /** √ᾱ = 1 / √(σ² + 1): what a sample of that level is multiplied by to be of unit variance, as the UNet wants it. */
  readonly alpha: number;
}

const CLEAN: Level = { sigma: 0, alpha: 1 };

/**
 * Euler's method with fresh noise at each step (Karras et al. 2022; k-diffusion's `sample_euler_ancestral`), as diffusers'
 * EulerAncestralDiscreteScheduler: InstructPix2Pix samples so. Samples are kept in unit variance, like the other
 * schedulers'. Timesteps are evenly spread (`linspace`) and lie between whole ones; σ is interpolated there.
 * @throws RangeError for another spacing, or fewer than two steps
 */
export function createEulerAncestralScheduler(
  schedule: NoiseSchedule,
  { spacing, steps, trainTimesteps }: Spacing,
): Scheduler {
  if (spacing !== 'linspace' || steps < 2) {
    throw new RangeError(
      `Expected two steps or more, spaced “linspace”, but received ${steps}, spaced “${spacing}”.`,
    );
  }
  const last = trainTimesteps - 1;
  const timesteps = Array.from({ length: steps }, (_, i) => last - (i * last) / (steps - 1));
  const levelAt = (step: number): Level =>
    step === steps ? CLEAN : levelBetween(schedule, timestepAt({ timesteps }, step));
  return {
    timesteps,
    isAncestral: true,
    addNoise(latents, noise, step) {
      const { sigma, alpha } = levelAt(step);
      return combine([alpha, latents], [alpha * sigma, noise]);
    },
    step(noisePred, step, sample, _state, fresh) {
      const [from, to] = [levelAt(step), levelAt(step + 1)];
      const predOriginalSample = combine([1 / from.alpha, sample], [-from.sigma, noisePred]);
      // The variance of the goal is shared between what is left of the old noise and the fresh one.
      const up = Math.sqrt((to.sigma ** 2 * (from.sigma ** 2 - to.sigma ** 2)) / from.sigma ** 2);
      const down = Math.sqrt(to.sigma ** 2 - up ** 2);
      const kept = combine(
        [to.alpha / from.alpha, sample],
        [to.alpha * (down - from.sigma), noisePred],
      );
      if (up === 0) return { prevSample: kept, predOriginalSample, state: FRESH };
      if (fresh === undefined) throw new RangeError('Expected fresh noise but there is none.');
      const prevSample = combine([1, kept], [to.alpha * up, fresh]);
      return { prevSample, predOriginalSample, state: FRESH };
    },
  };
}

/** σ = √((1 − ᾱ) / ᾱ), linear between whole timesteps. */
function levelBetween({ alphasCumprod }: NoiseSchedule, timestep: number): Level {
  const sigmaOf = (t: number) => {
    const power = alphasCumprod[t] as number;
    return Math.sqrt((1 - power) / power);
  };
  const low = Math.min(Math.floor(timestep), alphasCumprod.length - 1);
  const high = Math.min(low + 1, alphasCumprod.length - 1);
  const sigma = sigmaOf(low) + (timestep - low) * (sigmaOf(high) - sigmaOf(low));
  return { sigma, alpha: 1 / Math.sqrt(sigma ** 2 + 1) };
}
