import { createScheduler } from '../../schedulers/createScheduler.ts';
import type { IterationPlan, Origin } from './rules.ts';

/** Sampling of a model that paints from noise and knows the photograph by its latents beside it alone. */
export interface NoiseSampling {
  readonly steps: number;
  readonly guidanceScale: number;
}

/**
 * One iteration as InstructPix2Pix is published (Brooks et al. 2023, edit_cli.py): Euler ancestral over all training
 * timesteps, from pure noise. Its own noise and the next instruction are what tells one iteration from another.
 */
export function planFromNoise({ latents }: Origin, settings: NoiseSampling): IterationPlan {
  const { steps, guidanceScale } = settings;
  const scheduler = createScheduler('eulerAncestral', {
    spacing: 'linspace',
    steps,
    trainTimesteps: 1000,
  });
  const start = { data: new Float32Array(latents.data.length), dims: latents.dims };
  // The model takes no direction of emotion.
  const direction = Array<number>(8).fill(0);
  return { scheduler, candidates: [{ start, startStep: 0, direction, guidanceScale }] };
}
