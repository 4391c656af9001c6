/**
 * New content is upscaled, so at full resolution it would be smoother than the photograph around it. Where source detail
 * is replaced, the part small enough to be grain is kept (soft coring with Tukey's biweight); where structure hides the
 * grain, noise of the same strength is added instead.
 */
export interface GrainCore {
  /** Standard deviation, 1.0 = white. */
  readonly sigma: number;
  /** 1/τ²: details above τ are structure. */
  readonly inverseSquare: number;
}

/** τ in standard deviations: four fifths of a Gaussian's energy are kept, the rest is compensated by noise. */
const TAU = 5;
/** 1/τ² for no grain at all: large, and finite in float32 when multiplied by any squared detail. */
const NOTHING = 1e30;

export function grainCore(sigma: number): GrainCore {
  return { sigma, inverseSquare: sigma > 0 ? 1 / (TAU * sigma) ** 2 : NOTHING };
}

/** The grain kept when source detail is replaced by new content. */
export function keptGrain({ sigma, inverseSquare }: GrainCore, detail: number, noise: number) {
  const inner = Math.max(0, 1 - detail * detail * inverseSquare);
  const share = inner * inner;
  return detail * share + sigma * noise * Math.sqrt(Math.max(0, 1 - share * share));
}

/** Mean and standard deviation of the sum of four bytes. */
const BYTES_MEAN = 510;
const BYTES_SIGMA = Math.sqrt((4 * (256 ** 2 - 1)) / 12);

/**
 * Noise of mean 0 and variance 1, near Gaussian, by the position in the layer alone.
 * @param position what {@link ditherPosition} gives
 */
export function noiseAt(position: number): number {
  // The finalizer of MurmurHash3 (Appleby, public domain).
  let h = position;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h ^= h >>> 16;
  const bytes = (h & 0xff) + ((h >>> 8) & 0xff) + ((h >>> 16) & 0xff) + (h >>> 24);
  return (bytes - BYTES_MEAN) / BYTES_SIGMA;
}
