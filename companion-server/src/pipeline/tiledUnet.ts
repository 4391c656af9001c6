import { type Tensor, zeros } from '../tensor/tensor.ts';
import type { UNet } from './modelPorts.ts';

export interface Tiling {
  /** Side of a tile in latents: about what the model was trained at. */
  readonly side: number;
  /** Latents by which neighbours overlap at least. */
  readonly overlap: number;
  /** [h, w] of the latents: tiles without any 1 are left out and predict nothing. All of it when left out. */
  readonly wanted?: Uint8Array;
}

/**
 * A UNet for latents larger than it was trained at: overlapping tiles, their predictions blended by windows that fall
 * off towards the rim. Since every sampler's step is linear in the prediction, this fuses the views at each step as
 * MultiDiffusion does (Bar-Tal et al. 2023); the tiles share the noise of the canvas that they are cut from.
 */
export function tiledUNet(unet: UNet, { side, overlap, wanted }: Tiling): UNet {
  return {
    async predictNoise(sample, timestep, tokens) {
      const [n = 0, channels = 0, height = 0, width = 0] = sample.dims;
      if (height <= side && width <= side) return unet.predictNoise(sample, timestep, tokens);
      const [tall, wide] = [Math.min(side, height), Math.min(side, width)];
      const tiles = tilesOf(height, width, tall, wide, overlap).filter(
        ({ top, left }) => wanted === undefined || hasAny(wanted, width, top, left, tall, wide),
      );
      const window = windowOf(tall, wide);
      // Half of the input channels are the source's latents, for which no noise is predicted.
      const out = zeros([n, channels / 2, height, width]);
      const weights = new Float32Array(height * width);
      for (const { top, left } of tiles) {
        const part = cut(sample, top, left, tall, wide);
        const predicted = await unet.predictNoise(part, timestep, tokens);
        addWindowed(out, predicted, window, top, left);
        for (let y = 0; y < tall; y++) {
          for (let x = 0; x < wide; x++) {
            const at = (top + y) * width + left + x;
            weights[at] = (weights[at] as number) + (window[y * wide + x] as number);
          }
        }
      }
      const plane = height * width;
      for (let i = 0; i < out.data.length; i++) {
        const weight = weights[i % plane] as number;
        if (weight > 0) out.data[i] = (out.data[i] as number) / weight;
      }
      return out;
    },
  };
}

interface Corner {
  readonly top: number;
  readonly left: number;
}

function tilesOf(height: number, width: number, tall: number, wide: number, overlap: number) {
  return places(height, tall, overlap).flatMap((top) =>
    places(width, wide, overlap).map((left): Corner => ({ top, left })),
  );
}

/** Starts of the fewest tiles that cover a length with at least that overlap, evenly spread. */
function places(length: number, side: number, overlap: number): number[] {
  if (length <= side) return [0];
  const count = Math.ceil((length - side) / (side - overlap)) + 1;
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - side)) / (count - 1)));
}

function hasAny(
  wanted: Uint8Array,
  width: number,
  top: number,
  left: number,
  tall: number,
  wide: number,
): boolean {
  for (let y = top; y < top + tall; y++) {
    if (wanted.subarray(y * width + left, y * width + left + wide).includes(1)) return true;
  }
  return false;
}

/** Separable sine window, positive everywhere, so that pixels covered by one tile only keep its full prediction. */
function windowOf(tall: number, wide: number): Float32Array {
  const axis = (i: number, size: number) => Math.sin((Math.PI * (i + 0.5)) / size) ** 2;
  return Float32Array.from(
    { length: tall * wide },
    (_, i) => axis(Math.floor(i / wide), tall) * axis(i % wide, wide),
  );
}

function cut(
  { data, dims }: Tensor,
  top: number,
  left: number,
  tall: number,
  wide: number,
): Tensor {
  const [n = 0, channels = 0, height = 0, width = 0] = dims;
  const out = zeros([n, channels, tall, wide]);
  for (let plane = 0; plane < n * channels; plane++) {
    for (let y = 0; y < tall; y++) {
      const from = (plane * height + top + y) * width + left;
      out.data.set(data.subarray(from, from + wide), (plane * tall + y) * wide);
    }
  }
  return out;
}

function addWindowed(
  { data, dims }: Tensor,
  tile: Tensor,
  window: Float32Array,
  top: number,
  left: number,
): void {
  const [, , height = 0, width = 0] = dims;
  const [n = 0, channels = 0, tall = 0, wide = 0] = tile.dims;
  for (let plane = 0; plane < n * channels; plane++) {
    for (let y = 0; y < tall; y++) {
      const to = (plane * height + top + y) * width + left;
      const from = (plane * tall + y) * wide;
      for (let x = 0; x < wide; x++) {
        data[to + x] =
          (data[to + x] as number) +
          (window[y * wide + x] as number) * (tile.data[from + x] as number);
      }
    }
  }
}
