/** State of a multistep solver between steps; the caller keeps one per sample. */
export type SolverState =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'followed'; readonly predOriginalSample: Float32Array };

export const FRESH: SolverState = { kind: 'fresh' };

export interface StepResult {
  readonly prevSample: Float32Array;
  /** x₀ as estimated at this step. */
  readonly predOriginalSample: Float32Array;
  readonly state: SolverState;
}

/**
 * The reverse process of one schedule. Immutable: a step is named by its index, so samples that start at
 * different steps share one scheduler. All arrays are one sample's latents, [c, h, w] flattened.
 */
export interface Scheduler {
  /** In sampling order, noisiest first. */
  readonly timesteps: readonly number[];
  /** √ᾱ·latents + √(1−ᾱ)·noise at the timestep of `step`. */
  addNoise(latents: Float32Array, noise: Float32Array, step: number): Float32Array;
  /** True when steps add fresh noise; they then need some. */
  readonly isAncestral?: boolean;
  /**
   * From timesteps[step] to the next one; `state` must come from the step before, or be FRESH where sampling starts.
   * @param fresh standard normal noise of the sample's size, for ancestral schedulers
   */
  step(
    noisePred: Float32Array,
    step: number,
    sample: Float32Array,
    state: SolverState,
    fresh?: Float32Array,
  ): StepResult;
}

/** @throws RangeError for a step that the scheduler does not have */
export function timestepAt({ timesteps }: Pick<Scheduler, 'timesteps'>, step: number): number {
  const timestep = timesteps[step];
  if (timestep === undefined) {
    throw new RangeError(`Expected a step of 0 … ${timesteps.length - 1} but received ${step}.`);
  }
  return timestep;
}

/**
 * Where img2img starts: strength 1 runs every step, 0.5 the second half (diffusers' get_timesteps).
 * At least one step is left.
 */
export function startStepForStrength({ timesteps }: Scheduler, strength: number): number {
  const steps = timesteps.length;
  return Math.min(steps - 1, Math.max(0, steps - Math.min(Math.floor(steps * strength), steps)));
}

/** The step whose timestep is nearest to `timestep`; of two equally near, the noisier. */
export function startStepForTimestep({ timesteps }: Scheduler, timestep: number): number {
  let nearest = 0;
  timesteps.forEach((t, step) => {
    if (Math.abs(t - timestep) < Math.abs(timestepAt({ timesteps }, nearest) - timestep)) {
      nearest = step;
    }
  });
  return nearest;
}
