import type { PixelFormat } from './pixelBuffer.ts';

/** Interleaved pixels of a photograph at its own resolution; a fourth channel is alpha. */
export interface GrainSample {
  readonly format: Pick<PixelFormat, 'width' | 'height' | 'channels' | 'range'>;
  readonly data: ArrayLike<number>;
}

const BLOCK = 16;
/** Blocks looked at per sample at most, spread over all of it. */
const MAX_BLOCKS = 4096;
/** Upper limit: a larger value is not grain but a picture of noise. */
export const MAX_GRAIN = 0.25;
/** Share of the blocks, the flattest ones, whose noise is taken for grain. */
const FLATTEST = 0.1;
/** Mean luma beyond which a block may be clipped and its grain with it. */
const DARKEST = 0.02;
const BRIGHTEST = 0.98;

/**
 * Standard deviation of the luma noise of a photograph, 1.0 = white; 0 where there is nothing to measure.
 * Immerkær, Fast noise variance estimation (1996), block by block: texture reads as noise there too, so the flattest
 * tenth of the blocks counts.
 */
export function measureGrain(samples: readonly GrainSample[]): number {
  const blocks = samples.flatMap(blocksOf).sort((a, b) => a - b);
  return Math.min(MAX_GRAIN, blocks[Math.floor(blocks.length * FLATTEST)] ?? 0);
}

function blocksOf(sample: GrainSample): number[] {
  const { width, height } = sample.format;
  const columns = Math.floor(width / BLOCK);
  const rows = Math.floor(height / BLOCK);
  const step = Math.max(1, Math.ceil((columns * rows) / MAX_BLOCKS));
  const found: number[] = [];
  for (let index = 0; index < columns * rows; index += step) {
    const noise = blockNoise(
      sample,
      (index % columns) * BLOCK,
      Math.floor(index / columns) * BLOCK,
    );
    if (noise !== null) found.push(noise);
  }
  return found;
}

/** Null where the block is clipped or not opaque throughout. */
function blockNoise({ format, data }: GrainSample, left: number, top: number): number | null {
  const { width, channels, range } = format;
  const luma = new Float64Array(BLOCK * BLOCK);
  let sum = 0;
  for (let y = 0; y < BLOCK; y++) {
    for (let x = 0; x < BLOCK; x++) {
      const at = ((top + y) * width + left + x) * channels;
      if (channels === 4 && data[at + 3] !== range) return null;
      const [red, green, blue] = channels === 1 ? [at, at, at] : [at, at + 1, at + 2];
      const value =
        ((data[red] as number) + 2 * (data[green] as number) + (data[blue] as number)) / 4 / range;
      luma[y * BLOCK + x] = value;
      sum += value;
    }
  }
  const mean = sum / luma.length;
  if (mean < DARKEST || mean > BRIGHTEST) return null;
  let energy = 0;
  for (let y = 1; y < BLOCK - 1; y++) {
    for (let x = 1; x < BLOCK - 1; x++) {
      energy += Math.abs(laplacianDifference(luma, y * BLOCK + x));
    }
  }
  return (Math.sqrt(Math.PI / 2) * energy) / (6 * (BLOCK - 2) ** 2);
}

/** The mask (1 −2 1)ᵀ(1 −2 1), which is blind to slopes and curvature along an axis. */
function laplacianDifference(plane: Float64Array, at: number): number {
  const cross =
    (plane[at - 1] as number) +
    (plane[at + 1] as number) +
    (plane[at - BLOCK] as number) +
    (plane[at + BLOCK] as number);
  const corners =
    (plane[at - BLOCK - 1] as number) +
    (plane[at - BLOCK + 1] as number) +
    (plane[at + BLOCK - 1] as number) +
    (plane[at + BLOCK + 1] as number);
  return 4 * (plane[at] as number) - 2 * cross + corners;
}
