import type { Tensor } from '../tensor/tensor.ts';
import { scaleAndClampValues } from '../tensor/tensorKernel.ts';
import type { Vae } from './modelPorts.ts';

/** Image [n, 3, H, W] in [0, 1] → scaled latents [n, c, h, w]. */
export function encode(vae: Vae, { data, dims }: Tensor): Promise<Tensor> {
  return vae.encode({ data: scaleAndClampValues(data, 2, -1, [-1, 1]), dims });
}
