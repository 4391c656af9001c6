/** 32-bit hash of a lattice point, the same in every language and on every machine. */
export function hash32(x: number, y: number, seed: number): number {
  let n =
    (Math.imul(x, 374761393) + Math.imul(y, 668265263) + Math.imul(seed, -2048144777) + 374761) | 0;
  n = Math.imul(n ^ (n >>> 15), -2048144777);
  n = Math.imul(n ^ (n >>> 13), -1028477379);
  return n ^ (n >>> 16);
}

/** 0 … 1 of a lattice point. */
export const hash01 = (x: number, y: number, seed: number) =>
  (hash32(x, y, seed) >>> 8) / 0x1000000;

/** A stream of numbers 0 … 1 for lists of shapes. */
export function randomOf(seed: number): () => number {
  let count = 0;
  return () => hash01(count++, 0x5bd1e995, seed);
}

/** Standard normal number of a stream (Box–Muller). */
export const normalOf = (random: () => number) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Value noise with quintic weights, 0 … 1, one feature per unit. */
export function valueNoise(x: number, y: number, seed: number): number {
  const ix = Math.floor(x);
  const iy = Math.floor(y);
  const tx = x - ix;
  const ty = y - iy;
  const u = tx * tx * tx * (tx * (tx * 6 - 15) + 10);
  const v = ty * ty * ty * (ty * (ty * 6 - 15) + 10);
  const a = hash01(ix, iy, seed);
  const b = hash01(ix + 1, iy, seed);
  const c = hash01(ix, iy + 1, seed);
  const d = hash01(ix + 1, iy + 1, seed);
  return a + (b - a) * u + (c - a) * v + (a - b - c + d) * u * v;
}

/** How the octaves of a noise are added up. */
export interface Octaves {
  readonly count: number;
  /** Of each octave against the one before. */
  readonly gain: number;
}

/**
 * Sum of octaves of value noise, each turned and twice as fine as the one before; about 0 … 1 with a mean of 0.5.
 * @param pixel length of a pixel in units of x and y: octaves with features below two pixels could not be shown, and
 *   count as their mean; the last one above fades in, so that sizes near to each other look alike
 */
export function fractalNoise(
  x: number,
  y: number,
  seed: number,
  { count, gain }: Octaves,
  pixel = 0,
): number {
  // Turned away from the pixels' axes: on plain walls the lattice of the noise would be seen otherwise.
  let u = 0.8776 * x - 0.4794 * y;
  let v = 0.4794 * x + 0.8776 * y;
  let sum = 0;
  let total = 0;
  let amplitude = 1;
  let size = pixel * 2;
  for (let i = 0; i < count; i++) {
    total += amplitude;
    const shown = size < 0.7 ? 1 : size < 1 ? (1 - size) / 0.3 : 0;
    sum += amplitude * (shown > 0 ? 0.5 + shown * (valueNoise(u, v, seed + 101 * i) - 0.5) : 0.5);
    const next = 1.6 * u + 1.2 * v + 17.3;
    v = -1.2 * u + 1.6 * v - 9.1;
    u = next;
    amplitude *= gain;
    size *= 2;
  }
  return sum / total;
}
