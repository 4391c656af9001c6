import type { Scheduler } from '../schedulers/scheduler.ts';
import { gaussianNoise, type NoiseStream } from '../tensor/noise.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Local branch: clean latents [1, c, h, w] noised to the timestep of `startStep`. */
export function prepareLatents(
  scheduler: Scheduler,
  latents: Tensor,
  startStep: number,
  stream: NoiseStream,
): Tensor {
  const noise = gaussianNoise(latents.dims, stream);
  return {
    data: scheduler.addNoise(latents.data, noise.data, startStep),
    dims: latents.dims,
  };
}
