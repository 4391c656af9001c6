import { billows, type NoiseTable, noise2, octaves2, shownShare } from './gradientNoise.ts';
import type { CloudLayer } from './skyLooks.ts';

/** Density 0 … 1 of a layer of clouds over the ground. */
export interface CloudDensity {
  /** @param h height in the layer, 0 base … 1 top; x and z in kilometres; `pixel` the length of a pixel there */
  at(x: number, h: number, z: number, octaves: number, pixel: number): number;
  /** Cheap test before `at`: false only where there is certainly no cloud. */
  isPossible(x: number, h: number, z: number): boolean;
}

/** Cumulus: a flat base, and domes that are higher above stronger cells. */
export function heaped(
  table: NoiseTable,
  { base, top, cover, scale, sharp }: CloudLayer,
): CloudDensity {
  const thick = top - base;
  const fine = 1.9 / scale;
  const cell = (x: number, z: number) =>
    octaves2(table, x / scale, z / scale, 3, 0.5, 0) * 1.9 + (cover - 0.5) * 2;
  const falloff = (h: number) => (h > 0 ? 1.05 * h * Math.sqrt(h) : 0);
  return {
    isPossible: (x, h, z) => cell(x, z) * 1.25 + 0.33 - falloff(h) > 0,
    at: (x, h, z, octaves, pixel) => {
      if (h <= 0 || h >= 1) return 0;
      const m = cell(x, z);
      if (m < -0.35) return 0;
      const d = billows(table, x * fine, h * thick * fine + 40, z * fine, octaves, pixel * fine);
      const f = (m * 1.25 + 0.75 * d - falloff(h) - 0.12) * sharp * Math.min(1, h * 14);
      return f < 0 ? 0 : f > 1 ? 1 : f;
    },
  };
}

/** Patches of small cells in rows. */
export function cellular(table: NoiseTable, { cover, scale, sharp }: CloudLayer): CloudDensity {
  const patchAt = (x: number, z: number) =>
    octaves2(table, x / (scale * 7), z / (scale * 11), 3, 0.55, 0) * 1.7 + (cover - 0.5) * 1.6;
  return {
    isPossible: (x, _, z) => patchAt(x, z) >= -0.5,
    at: (x, h, z, octaves, pixel) => {
      if (h <= 0 || h >= 1) return 0;
      const patch = patchAt(x, z);
      if (patch < -0.5) return 0;
      const slow = 1 / (scale * 3);
      const wx = x + 0.5 * scale * octaves2(table, x * slow + 50, z * slow, 2, 0.5, 0);
      const wz = z + 0.9 * scale * octaves2(table, x * slow + 9, z * slow + 60, 2, 0.5, 0);
      const cell =
        noise2(table, wx / (scale * 0.8) + 70, wz / (scale * 0.55)) *
        0.75 *
        shownShare(1.8 / scale, pixel);
      const fine = 2.2 / scale;
      const d = billows(table, x * fine, h * 0.6 + 40, z * fine, octaves - 1, pixel * fine);
      const f = (patch * 0.8 + cell + 0.5 * d - 0.15 - 1.3 * Math.abs(h - 0.4)) * sharp;
      return f < 0 ? 0 : f > 1 ? 1 : f;
    },
  };
}
