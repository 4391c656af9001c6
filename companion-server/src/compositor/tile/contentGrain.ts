/**
 * New content at full resolution is upscaled and would be smoother than the photograph around it. Where the photograph's
 * structure makes way, what is small enough to be its grain stays (soft coring with Tukey's biweight); where structure
 * hides the grain, noise of the same strength takes its place.
 */
export interface GrainCore {
  /** Standard deviation, 1.0 = white. */
  readonly sigma: number;
  /** 1/τ²: details above τ are structure. */
  readonly inverseSquare: number;
}

/** τ in standard deviations: four fifths of a Gaussian's energy are below and stay, the rest is made up for. */
const TAU = 5;
/** No detail is grain: large, and finite in float32 for any detail. */
const NOTHING = 1e30;

export function grainCore(sigma: number): GrainCore {
  return { sigma, inverseSquare: sigma > 0 ? 1 / (TAU * sigma) ** 2 : NOTHING };
}

/** What stays of a detail that makes way. */
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
