import type { Vae } from '../models/modelPorts.ts';
import { scaleAndClamp } from '../tensor/ops.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Image [n, 3, H, W] in [0, 1] → scaled latents [n, c, h, w]. */
export function encode(vae: Vae, image: Tensor): Promise<Tensor> {
  const copy = { data: image.data.slice(), dims: image.dims };
  return vae.encode(scaleAndClamp(copy, 2, -1, [-1, 1]));
}
