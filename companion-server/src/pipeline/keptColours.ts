import { type Tensor, tensor } from '../tensor/tensor.ts';

/** Length of a colour's difference from its grey, in the scale of the picture: none is kept below, all above. */
const PALE = 0.04;
const COLOURED = 0.12;
/** How fast the rest of a colour goes with what was turned round. */
const FADING = 2;
const LUMA = [0.2126, 0.7152, 0.0722] as const;

/**
 * Light takes colour away or adds its own, but turns nothing into its opposite: a red plate under a grey sky is grey and
 * not green. A model that is guided too far goes on beyond grey; what lies there is taken back to it.
 * @param images [n, 3, H, W] in [0, 1]
 * @param source what they are edits of, [1, 3, H, W]
 * @param things where things are, [H · W] in [0, 1]; elsewhere, in the sky, light itself is seen and may have any colour
 */
export function withoutOpposites(
  images: Tensor,
  source: Tensor,
  things: Float32Array | null = null,
): Tensor {
  const [count = 0, , height = 0, width = 0] = images.dims;
  const pixels = height * width;
  const out = images.data.slice();
  for (let n = 0; n < count; n++) {
    const from = n * 3 * pixels;
    for (let i = 0; i < pixels; i++) {
      keepColour(
        out,
        from + i,
        source.data,
        i,
        pixels,
        things === null ? 1 : (things[i] as number),
      );
    }
  }
  return tensor(out, images.dims);
}

function keepColour(
  edit: Float32Array,
  at: number,
  source: Float32Array,
  from: number,
  pixels: number,
  weight: number,
): void {
  const r = source[from] as number;
  const g = source[from + pixels] as number;
  const b = source[from + 2 * pixels] as number;
  const grey = LUMA[0] * r + LUMA[1] * g + LUMA[2] * b;
  const [cr, cg, cb] = [r - grey, g - grey, b - grey];
  const length = cr * cr + cg * cg + cb * cb;
  if (length <= PALE * PALE) return;
  const er = edit[at] as number;
  const eg = edit[at + pixels] as number;
  const eb = edit[at + 2 * pixels] as number;
  const brightness = LUMA[0] * er + LUMA[1] * eg + LUMA[2] * eb;
  const along = ((er - brightness) * cr + (eg - brightness) * cg + (eb - brightness) * cb) / length;
  if (along >= 0) return;
  const share = weight * Math.min(1, (Math.sqrt(length) - PALE) / (COLOURED - PALE));
  // What is left beside the opposite fades with it: between red and green lies no olive.
  const left = 1 - share * Math.min(1, -FADING * along);
  for (let k = 0; k < 3; k++) {
    const place = at + k * pixels;
    const own = k === 0 ? cr : k === 1 ? cg : cb;
    const colour = (edit[place] as number) - brightness - share * along * own;
    edit[place] = Math.min(1, Math.max(0, brightness + left * colour));
  }
}
