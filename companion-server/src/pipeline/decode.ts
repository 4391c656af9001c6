import { scaleAndClamp } from '../tensor/ops.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Vae } from './modelPorts.ts';

/** Scaled latents [n, c, h, w] → image [n, 3, H, W] in [0, 1]. */
export async function decode(vae: Pick<Vae, 'decode'>, latents: Tensor): Promise<Tensor> {
  return scaleAndClamp(await vae.decode(latents), 0.5, 0.5, [0, 1]);
}
