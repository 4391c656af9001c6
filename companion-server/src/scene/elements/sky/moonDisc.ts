import { smoothstep } from '../../../compositor/planes.ts';
import { hash01 } from '../light/noise.ts';
import { type NoiseTable, noise2, octaves2 } from './gradientNoise.ts';

/** Basins of the near side: selenographic longitude and latitude in degrees, radius in radians, darkness. */
const BASINS = [
  [-16, 33, 0.3, 0.8],
  [17.5, 28, 0.19, 0.9],
  [31, 8.5, 0.22, 1],
  [59, 17, 0.13, 1],
  [51, -8, 0.19, 0.8],
  [35, -15, 0.09, 0.8],
  [-17, -21, 0.17, 0.75],
  [-38.6, -24.4, 0.1, 0.95],
  [-55, 20, 0.27, 0.75],
  [-45, 3, 0.24, 0.75],
  [-23, -10, 0.1, 0.7],
  [3.6, 13, 0.07, 0.6],
  [-30, 57, 0.055, 0.5],
  [-12, 58, 0.055, 0.55],
  [8, 57, 0.055, 0.5],
  [28, 55, 0.055, 0.45],
  [-31, 7, 0.13, 0.6],
  [-62, 40, 0.14, 0.6],
  [22, 18, 0.1, 0.8],
].map(([longitude = 0, latitude = 0, radius = 0, darkness = 0]) => {
  const a = (longitude * Math.PI) / 180;
  const e = (latitude * Math.PI) / 180;
  return [Math.sin(a) * Math.cos(e), Math.sin(e), Math.cos(a) * Math.cos(e), radius, darkness];
}) as readonly (readonly [number, number, number, number, number])[];

/** The first, in the south, has bright rays. */
const CRATERS = 26;
const RAYED = 5;

/**
 * Brightness of the moon's face: its maria with edges broken by noise, craters with rays, and light that falls on it as
 * on dust (Lommel and Seeliger: a full moon is flat).
 * @param u right and `v` up from the middle in radii, inside the disc
 * @param phase angle between the sun and the camera in radians, 0 a full moon
 * @param pixel length of a pixel in radii
 */
export function moonAt(
  table: NoiseTable,
  u: number,
  v: number,
  phase: number,
  pixel: number,
  seed: number,
): number {
  const n = Math.sqrt(Math.max(0, 1 - u * u - v * v));
  const towards = u * Math.sin(phase) + n * Math.cos(phase);
  if (towards <= 0) return 0;
  const lit = Math.min(1, (2 * towards) / (towards + n + 0.04)) * Math.min(1, 9 * towards);
  const stretch = 1 / (0.55 + 0.45 * n);
  const a = u * stretch;
  const b = v * stretch;
  const fine = stretch * pixel;
  const warp = octaves2(table, a * 1.7 + 3, b * 1.7, 4, 0.55, fine * 1.7);
  const other = octaves2(table, a * 1.7, b * 1.7 + 55, 4, 0.55, fine * 1.7);
  const ragged = octaves2(table, a * 4 + 1.2 * other + 90, b * 4, 4, 0.6, fine * 4);
  let mare = 0;
  for (const [x, y, z, radius, darkness] of BASINS) {
    const angle = Math.acos(Math.min(1, Math.max(-1, u * x + v * y + n * z)));
    const reach = radius * (1.12 + 0.9 * warp + 0.7 * ragged);
    const share = smoothstep(0, 1, (reach - angle) / (0.07 + 0.25 * radius) + 0.35);
    mare = 1 - (1 - mare) * (1 - share * darkness);
  }
  const grain = octaves2(table, a * 6 + warp + 130, b * 6 + other, 6, 0.62, fine * 6);
  const albedo =
    0.9 -
    0.6 * mare * (1 + 0.5 * other) +
    (0.26 * grain + 0.12 * warp) * (1 - 0.55 * mare) +
    craters(table, a, b, seed);
  return Math.max(0, albedo) * lit;
}

function craters(table: NoiseTable, a: number, b: number, seed: number): number {
  let sum = 0;
  for (let c = 0; c < CRATERS; c++) {
    const isTycho = c === 0;
    const x = isTycho ? -0.088 : (hash01(c, 1, seed) * 1.9 - 0.95) * 1.1;
    const y = isTycho ? -0.77 : (hash01(c, 2, seed) * 1.9 - 0.95) * 1.1;
    const size = isTycho ? 0.055 : 0.012 + 0.06 * hash01(c, 3, seed) ** 4;
    const dx = a - x;
    const dy = b - y;
    const d = Math.sqrt(dx * dx + dy * dy);
    const t = d / size;
    if (t < 1.5) {
      sum += 0.05 * Math.exp(-(((t - 1) / 0.3) ** 2)) - 0.05 * Math.exp(-3 * t * t);
    }
    if (c < RAYED && d > size) {
      const ray = Math.max(0, noise2(table, Math.atan2(dy, dx) * 5 + 10 * c, c + 0.5)) ** 2;
      sum += (isTycho ? 0.5 : 0.12) * ray * Math.exp(-d / (9 * size + 0.05));
    }
  }
  return sum;
}
