import { randomOf } from '../light/noise.ts';

/** The numbers 0 … 255 shuffled by a seed, twice in a row: what gradient noise looks its directions up in. */
export type NoiseTable = Uint8Array;

export function noiseTable(seed: number): NoiseTable {
  const random = randomOf(seed);
  const table = new Uint8Array(512);
  for (let i = 0; i < 256; i++) table[i] = i;
  for (let i = 255; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    const value = table[i] as number;
    table[i] = table[other] as number;
    table[other] = value;
  }
  table.copyWithin(256, 0, 256);
  return table;
}

// Twelve directions to the edges of a cube, four of them twice (Perlin 2002).
const X = Float64Array.of(1, -1, 1, -1, 1, -1, 1, -1, 0, 0, 0, 0, 1, -1, 0, 0);
const Y = Float64Array.of(1, 1, -1, -1, 0, 0, 0, 0, 1, -1, 1, -1, 1, 1, -1, -1);
const Z = Float64Array.of(0, 0, 0, 0, 1, 1, -1, -1, 1, 1, -1, -1, 0, 0, 1, -1);
// Eight directions in the plane, each as long as the others.
const X2 = Float64Array.of(1, 1, -1, -1, Math.SQRT2, -Math.SQRT2, 0, 0);
const Y2 = Float64Array.of(1, -1, 1, -1, 0, 0, Math.SQRT2, -Math.SQRT2);

/** Gradient noise in the plane, about −1 … 1, one feature per unit (Perlin 2002: quintic weights). */
export function noise2(table: NoiseTable, x: number, y: number): number {
  const fx = Math.floor(x);
  const fy = Math.floor(y);
  const ix = fx & 255;
  const iy = fy & 255;
  const px = x - fx;
  const py = y - fy;
  const u = px * px * px * (px * (px * 6 - 15) + 10);
  const v = py * py * py * (py * (py * 6 - 15) + 10);
  const left = table[ix] as number;
  const right = table[ix + 1] as number;
  const a = (table[left + iy] as number) & 7;
  const b = (table[right + iy] as number) & 7;
  const c = (table[left + iy + 1] as number) & 7;
  const d = (table[right + iy + 1] as number) & 7;
  const ga = (X2[a] as number) * px + (Y2[a] as number) * py;
  const gb = (X2[b] as number) * (px - 1) + (Y2[b] as number) * py;
  const gc = (X2[c] as number) * px + (Y2[c] as number) * (py - 1);
  const gd = (X2[d] as number) * (px - 1) + (Y2[d] as number) * (py - 1);
  const top = ga + u * (gb - ga);
  return top + v * (gc + u * (gd - gc) - top);
}

/** The same in space. */
export function noise3(table: NoiseTable, x: number, y: number, z: number): number {
  const fx = Math.floor(x);
  const fy = Math.floor(y);
  const fz = Math.floor(z);
  const ix = fx & 255;
  const iy = fy & 255;
  const iz = fz & 255;
  const px = x - fx;
  const py = y - fy;
  const pz = z - fz;
  const u = px * px * px * (px * (px * 6 - 15) + 10);
  const v = py * py * py * (py * (py * 6 - 15) + 10);
  const w = pz * pz * pz * (pz * (pz * 6 - 15) + 10);
  const left = table[ix] as number;
  const right = table[ix + 1] as number;
  const a = (table[left + iy] as number) + iz;
  const b = (table[right + iy] as number) + iz;
  const c = (table[left + iy + 1] as number) + iz;
  const d = (table[right + iy + 1] as number) + iz;
  const near =
    mix(corner(table, a, px, py, pz), corner(table, b, px - 1, py, pz), u) * (1 - v) +
    mix(corner(table, c, px, py - 1, pz), corner(table, d, px - 1, py - 1, pz), u) * v;
  const far =
    mix(corner(table, a + 1, px, py, pz - 1), corner(table, b + 1, px - 1, py, pz - 1), u) *
      (1 - v) +
    mix(corner(table, c + 1, px, py - 1, pz - 1), corner(table, d + 1, px - 1, py - 1, pz - 1), u) *
      v;
  return near + w * (far - near);
}

function corner(table: NoiseTable, at: number, x: number, y: number, z: number): number {
  const k = (table[at & 511] as number) & 15;
  return (X[k] as number) * x + (Y[k] as number) * y + (Z[k] as number) * z;
}

const mix = (a: number, b: number, share: number) => a + (b - a) * share;

/** Share of an octave that can be shown: all below a quarter of the sampling rate, nothing above a half. */
export function shownShare(frequency: number, pixel: number): number {
  const t = (0.5 - frequency * pixel) * 4;
  if (t >= 1) return 1;
  return t <= 0 ? 0 : t * t * (3 - 2 * t);
}

/**
 * Sum of octaves of noise in the plane, each turned by 37° and 2.03 times as fine as the one before; about −1 … 1.
 * @param gain of each octave against the one before
 * @param pixel length of a pixel in units of x and y; finer octaves are left out
 */
export function octaves2(
  table: NoiseTable,
  x: number,
  y: number,
  count: number,
  gain: number,
  pixel: number,
): number {
  let [u, v, total, amplitude, norm, frequency] = [x, y, 0, 1, 0, 1];
  for (let i = 0; i < count; i++) {
    norm += amplitude;
    const shown = shownShare(frequency, pixel);
    if (shown > 0) total += amplitude * shown * noise2(table, u, v);
    const next = (0.7986 * u - 0.6018 * v) * 2.03 + 17.1;
    v = (0.6018 * u + 0.7986 * v) * 2.03 - 5.3;
    u = next;
    frequency *= 2.03;
    amplitude *= gain;
  }
  return total / norm;
}

/** Billows: octaves of |noise| in space, round outwards and creased inwards; about −0.5 … 0.9. */
export function billows(
  table: NoiseTable,
  x: number,
  y: number,
  z: number,
  count: number,
  pixel: number,
): number {
  let [u, v, w, total, amplitude, norm, frequency] = [x, y, z, 0, 1, 0, 1];
  for (let i = 0; i < count; i++) {
    norm += amplitude;
    const shown = shownShare(frequency, pixel);
    if (shown > 0) total += amplitude * shown * (Math.abs(noise3(table, u, v, w)) * 2.6 - 0.6);
    const next = (0.7986 * u - 0.6018 * w) * 2.07 + 9.1;
    w = (0.6018 * u + 0.7986 * w) * 2.07 - 4.7;
    v = v * 2.07 + 1.9;
    u = next;
    frequency *= 2.07;
    amplitude *= 0.57;
  }
  return total / norm;
}
