import type { Plane } from '../../../compositor/planes.ts';
import { hash01 } from '../light/noise.ts';
import { type CloudDensity, cellular, heaped } from './cloudDensity.ts';
import { noiseTable } from './gradientNoise.ts';
import {
  type Direction,
  distanceTo,
  EARTH,
  eachSkyPixel,
  type SkyFrame,
  scatteredTowards,
} from './skyFrame.ts';
import type { CloudLayer } from './skyLooks.ts';

/** What clouds do to the light along a ray of view, by pixel of the maps of the sky. */
export interface CloudMaps {
  /** Share of the light behind that comes through. */
  readonly through: Plane;
  /** Sunlight, and light of the sky all around, that clouds scatter towards the camera; relative. */
  readonly sunlit: Plane;
  readonly ambient: Plane;
  /** Mean distance in kilometres. */
  readonly far: Plane;
}

/** In kilometres; farther clouds cannot be seen through the haze. */
const FARTHEST = 120;
const STEPS = { heaped: 30, cells: 12, deck: 14 } as const;
const OCTAVES = 5;

export function clearSky(frame: SkyFrame): CloudMaps {
  const { length } = frame.seen;
  return {
    through: new Float32Array(length).fill(1),
    sunlit: new Float32Array(length),
    ambient: new Float32Array(length),
    far: new Float32Array(length).fill(300),
  };
}

/**
 * Light through a layer of clouds: a ray is followed through it in steps (a slab of noise shaped by height and a cone of
 * samples towards the sun, Schneider & Vos 2015; several orders of scattering by a scaled depth, Wrenninge et al. 2013).
 */
export function marchedClouds(
  frame: SkyFrame,
  layer: CloudLayer,
  sun: Direction,
  seed: number,
): CloudMaps {
  const maps = clearSky(frame);
  const table = noiseTable(seed);
  const density = layer.kind === 'cells' ? cellular(table, layer) : heaped(table, layer);
  const pixel = 1 / Math.max(frame.extent.width, frame.extent.height);
  const scene = { layer, density, sun, pixel };
  eachSkyPixel(frame, (i, ray) => {
    if (ray[1] >= -0.002) march(scene, ray, hash01(i, 7, seed), maps, i);
  });
  return maps;
}

interface Marched {
  readonly layer: CloudLayer;
  readonly density: CloudDensity;
  readonly sun: Direction;
  readonly pixel: number;
}

function march(
  { layer, density, sun, pixel }: Marched,
  [dx, dy, dz]: Direction,
  chance: number,
  maps: CloudMaps,
  i: number,
): void {
  const { base, top, sigma, kind, reach } = layer;
  const thick = top - base;
  const rise = Math.max(dy, 0.0005);
  const start = distanceTo(rise, base);
  if (start > FARTHEST) return;
  const end = Math.min(distanceTo(rise, top), start + reach);
  const coarse = (end - start) / STEPS[kind];
  const fine = kind === 'cells' ? coarse : coarse / 3;
  const cosine = dx * sun[0] + rise * sun[1] + dz * sun[2];
  const phase = phases(cosine);
  let [through, light, ambient, where, weight, inside] = [1, 0, 0, 0, 0, false];
  let t = start + coarse * (0.3 + 0.4 * chance);
  while (t < end) {
    const x = dx * t;
    const z = dz * t;
    const h = (t * rise + (t * t) / (2 * EARTH) - base) / thick;
    if (!density.isPossible(x, h, z)) {
      inside = false;
      t += coarse;
      continue;
    }
    if (!inside && fine < coarse) {
      inside = true;
      t -= coarse - fine;
      continue;
    }
    const rho = density.at(x, h, z, OCTAVES, t * pixel);
    if (rho > 0.003) {
      const scattered = phase(depthToSun(layer, density, sun, x, h, z, t * pixel));
      const step = Math.exp(-sigma * rho * fine);
      const got = through * (1 - step);
      // Thin rims scatter less: light has been scattered fewer times there.
      light += got * scattered * (1 - 0.5 * Math.exp(-rho * 6));
      ambient += got * (0.3 + 0.7 * h);
      where += got * t;
      weight += got;
      through *= step;
      if (through < 0.03) {
        through = 0;
        break;
      }
    }
    t += fine;
  }
  maps.through[i] = through;
  if (weight === 0) return;
  maps.sunlit[i] = light;
  maps.ambient[i] = ambient;
  maps.far[i] = where / weight;
}

/** Sunlight scattered towards the camera after an optical depth: first order, and two approximated higher ones. */
function phases(cosine: number): (depth: number) => number {
  const first = 0.7 * scatteredTowards(cosine, 0.62) + 0.3 * scatteredTowards(cosine, -0.25);
  const second = 0.7 * scatteredTowards(cosine, 0.31) + 0.3 * scatteredTowards(cosine, -0.12);
  return (depth) =>
    first * Math.exp(-depth) +
    0.5 * second * Math.exp(-0.35 * depth) +
    0.25 * Math.exp(-0.12 * depth);
}

function depthToSun(
  { base, top, sigma }: CloudLayer,
  density: CloudDensity,
  sun: Direction,
  x: number,
  h: number,
  z: number,
  pixel: number,
): number {
  const thick = top - base;
  let [depth, from, far] = [0, 0, 1];
  for (let k = 0; k < 4; k++) {
    far *= 2.4;
    const to = thick * 0.06 * (far - 1);
    const middle = 0.5 * (from + to);
    const height = h + (sun[1] * middle) / thick;
    if (height >= 1 || height <= 0) break;
    const rho = density.at(
      x + sun[0] * middle,
      height,
      z + sun[2] * middle,
      Math.max(2, 3 - k),
      pixel,
    );
    depth += sigma * (to - from) * rho;
    from = to;
  }
  return depth;
}
