import type { Plane } from '../../../compositor/planes.ts';
import type { LightPlanes } from '../elementRenderer.ts';
import { randomOf } from '../light/noise.ts';
import { noiseTable, octaves2 } from './gradientNoise.ts';
import { type Direction, directionOf, eachSkyPixel, type SkyFrame } from './skyFrame.ts';

export interface MilkyWay {
  /** Light of the band by pixel of the frame. */
  readonly light: LightPlanes;
  /** How crowded its stars are, 0 … 1. */
  readonly density: Plane;
}

/** A band about a great circle with a bulge: clouds of stars by warped octaves, dust lanes cut into them by ridged ones. */
export function milkyWay(frame: SkyFrame, brightness: number, seed: number): MilkyWay {
  const { pole, bulge } = orientation(seed);
  const table = noiseTable(seed + 1);
  const light = [0, 1, 2].map(() => new Float32Array(frame.seen.length)) as unknown as LightPlanes;
  const density = new Float32Array(frame.seen.length);
  const pixel = 5 / Math.max(frame.extent.width, frame.extent.height);
  eachSkyPixel(frame, (i, ray) => {
    const [px, py, pz] = [ray[0] * 5, ray[1] * 5, ray[2] * 5];
    const warp = octaves2(table, px + pz, py - pz * 0.5, 4, 0.55, pixel);
    const other = octaves2(table, px - pz + 9, py + pz * 0.5, 4, 0.55, pixel);
    const latitude = Math.asin(Math.min(1, Math.max(-1, dot(ray, pole)))) + 0.05 * warp;
    const swell = Math.exp(-(1 - dot(ray, bulge)) * 5);
    const core = Math.exp(-((latitude / (0.13 + 0.08 * swell)) ** 2));
    const clumps = octaves2(
      table,
      px * 1.3 + 0.25 * other + 40,
      (py + pz) * 1.3 + 0.25 * warp,
      6,
      0.6,
      pixel * 1.3,
    );
    const ridge = octaves2(
      table,
      px * 1.1 + 0.4 * warp + 80,
      (py + pz) * 1.1 + 0.3 * other,
      6,
      0.62,
      pixel * 1.1,
    );
    const lane = Math.exp(-(((latitude + 0.015 + 0.03 * other) / 0.075) ** 2));
    const dust = Math.max(0, 1 - 5 * Math.abs(ridge)) * lane;
    const wide = Math.exp(-Math.abs(latitude) / 0.22);
    const glow = Math.max(
      0,
      (0.55 * core * (0.65 + swell) * (1 + 1.9 * clumps) + 0.1 * wide) *
        (1 - 0.82 * Math.min(1, 1.1 * dust)),
    );
    density[i] = Math.min(1, glow);
    const red = 0.22 * swell + 0.22 * dust;
    // More contrast than the eye sees, as long exposures have.
    const shown =
      ((brightness * 1.5 * glow * glow) / (glow + 0.35)) *
      Math.exp(-0.1 / (Math.max(0, ray[1]) + 0.05));
    light[0][i] = shown * (0.84 + 0.55 * red);
    light[1][i] = shown * (0.9 + 0.08 * red);
    light[2][i] = shown * (1.02 - 0.42 * red);
  });
  return { light, density };
}

/** The pole of the band, so that it rises steeply from the horizon, and where its bulge is. */
function orientation(seed: number): { pole: Direction; bulge: Direction } {
  const random = randomOf(seed + 3);
  const tilt = (58 * Math.PI) / 180;
  const foot = directionOf(20 + 20 * random(), 8);
  const pole = across([Math.cos(tilt), -Math.sin(tilt), 0.12], foot);
  return { pole, bulge: across(directionOf(-10 + 24 * random(), 6), pole) };
}

const dot = (a: Direction, b: Direction) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** The part of a vector at right angles to another, as a unit vector. */
function across(vector: Direction, other: Direction): Direction {
  const along = dot(vector, other);
  const rest = vector.map((value, k) => value - along * (other[k] as number));
  const norm = Math.hypot(...rest);
  return rest.map((value) => value / norm) as unknown as Direction;
}
