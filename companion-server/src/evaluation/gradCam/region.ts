import { resizeBilinear } from '../../tensor/resizeBilinear.ts';
import { type Tensor, tensor } from '../../tensor/tensor.ts';

/** Side at which the official script compares pictures, and above which a map belongs to the region. */
export const CAM_SIDE = 224;
const THRESHOLD = 0.5;
/** As the package `pytorch_grad_cam` scales its maps. */
const TINY = 1e-7;

/**
 * Grad-CAM of a picture: the channels of a block weighted with their mean gradients, the negative cut off, stretched to
 * 0 … 1 at the block's own size, enlarged and stretched again, as `pytorch_grad_cam` does it.
 * @param block [1, C, h, w]
 * @param weights [C]
 * @returns [side · side] in 0 … 1
 */
export function heatOf(block: Tensor, weights: Float32Array, side = CAM_SIDE): Float32Array {
  const [, channels = 0, height = 0, width = 0] = block.dims;
  const pixels = height * width;
  const heat = new Float32Array(pixels);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < pixels; i++) {
      heat[i] =
        (heat[i] as number) + (weights[c] as number) * (block.data[c * pixels + i] as number);
    }
  }
  const small = tensor(stretched(heat.map((value) => Math.max(0, value))), [1, 1, height, width]);
  return stretched(resizeBilinear(small, side, side).data);
}

/** The region that decides a picture's emotion: 1 inside, 0 outside. */
export const regionOf = (heat: Float32Array): Uint8Array =>
  Uint8Array.from(heat, (value) => (value > THRESHOLD ? 1 : 0));

function stretched(values: Float32Array): Float32Array {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return values.map((value) => (value - low) / (high - low + TINY));
}
