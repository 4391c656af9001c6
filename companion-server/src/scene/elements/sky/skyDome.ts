import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { LightPlanes } from '../elementRenderer.ts';
import { hash01 } from '../light/noise.ts';
import { type Light, luminance } from '../light/sceneNumbers.ts';
import { cloudDeck } from './cloudDeck.ts';
import { type CloudMaps, marchedClouds } from './clouds.ts';
import { noiseTable, octaves2 } from './gradientNoise.ts';
import {
  type Direction,
  directionOf,
  distanceTo,
  eachSkyPixel,
  type SkyFrame,
  scatteredTowards,
} from './skyFrame.ts';
import type { SkyLook } from './skyLooks.ts';

/** Light of a sky by pixel of its maps, 0 … 1 after a soft shoulder. */
export interface SkyLight {
  readonly extent: SkyFrame['extent'];
  readonly light: LightPlanes;
  /** Change of the light to the next pixel, as a share of it: where clouds have edges. Left out where there are none. */
  readonly edges?: Plane;
}

/** Height of the ice clouds in kilometres, and their size. */
const CIRRUS = { height: 8.5, scale: 6.5, stretch: 3.6 } as const;

/**
 * A sky with its clouds. From the horizon's colour to the zenith's, an aureole around the sun, ice clouds, clouds that
 * fade into the air with distance.
 * @param horizon colour of the photograph's own sky near the horizon, whose hue the new one keeps in part; null for none
 * @param azimuth of the sun in degrees
 */
export function skyDome(
  frame: SkyFrame,
  look: SkyLook,
  azimuth: number,
  horizon: Light | null,
  seed: number,
): SkyLight {
  const sun = directionOf(azimuth, look.elevation);
  const clouds =
    look.clouds.kind === 'deck'
      ? cloudDeck(frame, look.clouds, sun, seed)
      : marchedClouds(frame, look.clouds, sun, seed);
  const low = horizon === null ? look.low : towards(look.low, horizon);
  const ice = look.cirrus > 0 ? cirrus(frame, look.cirrus, seed) : null;
  const light = [0, 1, 2].map(() => new Float32Array(frame.seen.length)) as unknown as LightPlanes;
  eachSkyPixel(frame, (i, ray) => {
    const opaque = ice === null ? 0 : (ice[i] as number);
    const colour = skyColourAt(look, low, sun, ray, opaque, clouds, i);
    for (let k = 0; k < 3; k++) (light[k] as Plane)[i] = softened(colour[k] as number);
  });
  return { extent: frame.extent, light, edges: edgesOf(light[1], frame.extent) };
}

function edgesOf(plane: Plane, { width, height }: SkyFrame['extent']): Plane {
  const out = new Float32Array(plane.length);
  for (let y = 1; y + 1 < height; y++) {
    for (let x = 1; x + 1 < width; x++) {
      const i = y * width + x;
      const dx = (plane[i + 1] as number) - (plane[i - 1] as number);
      const dy = (plane[i + width] as number) - (plane[i - width] as number);
      const change = (0.5 * Math.hypot(dx, dy)) / ((plane[i] as number) + 0.02);
      out[i] = Math.min(0.35, change);
    }
  }
  return out;
}

function towards(low: Light, own: Light): Light {
  const gain = luminance(...low) / Math.max(0.03, luminance(...own));
  return low.map((value, k) => 0.65 * value + 0.35 * (own[k] as number) * gain) as unknown as Light;
}

/** Soft shoulder: rolls off light above that of a bright sky. */
function softened(light: number): number {
  const start = 0.7;
  const room = 1 - start;
  return light <= start ? Math.max(0, light) : 1 - room * Math.exp(-(light - start) / room);
}

function skyColourAt(
  look: SkyLook,
  low: Light,
  sun: Direction,
  [dx, dy, dz]: Direction,
  opaque: number,
  clouds: CloudMaps,
  i: number,
): Light {
  const elevation = (Math.asin(Math.max(0, dy)) * 180) / Math.PI;
  const fade = Math.exp(-elevation / look.fall);
  const cosine = dx * sun[0] + dy * sun[1] + dz * sun[2];
  const isLow = look.elevation < 10;
  const flat = Math.hypot(dx, dz) * Math.hypot(sun[0], sun[2]);
  const side = 0.5 + (0.5 * (dx * sun[0] + dz * sun[2])) / Math.max(1e-3, flat);
  const warm = isLow ? 0.62 + 0.38 * side : 1;
  const near = scatteredTowards(cosine, 0.76) / 12 + scatteredTowards(cosine, 0.985) / 700;
  const iceLight = 0.75 + 0.25 * Math.min(4, scatteredTowards(cosine, 0.7));
  const veil = Math.exp(-(clouds.far[i] as number) / look.haze);
  const through = clouds.through[i] as number;
  return [0, 1, 2].map((k) => {
    const zenith = look.zenith[k] as number;
    const aureole = near * look.glow * (look.sunlight[k] as number);
    const clear = zenith + ((low[k] as number) - zenith) * fade * warm + aureole;
    const direct = (look.sunlight[k] as number) * look.sun;
    const ambient = look.ambient[k] as number;
    const behind = clear + (direct * iceLight + ambient * 0.6 - clear) * opaque * 0.62;
    const body = direct * (clouds.sunlit[i] as number) + ambient * (clouds.ambient[i] as number);
    const lit = (low[k] as number) + (isLow ? 0.6 * aureole : 0);
    return behind * through + body * veil + Math.min(clear, lit) * (1 - through) * (1 - veil);
  }) as unknown as Light;
}

/** How opaque clouds of ice are: octaves drawn out along the wind and warped twice. */
function cirrus(frame: SkyFrame, cover: number, seed: number): Plane {
  const out = new Float32Array(frame.seen.length);
  const table = noiseTable(seed + 900);
  const turn = 0.5 + 1.5 * hash01(1, 2, seed);
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  const pixel = 1 / Math.max(frame.extent.width, frame.extent.height);
  eachSkyPixel(frame, (i, [dx, dy, dz]) => {
    const rise = Math.max(dy, 0.0008);
    const t = distanceTo(rise, CIRRUS.height);
    const x = ((c * dx - s * dz) * t) / CIRRUS.scale;
    const z = ((s * dx + c * dz) * t) / CIRRUS.scale;
    const f = (t * pixel) / CIRRUS.scale;
    const wx = octaves2(table, x * 0.35, z * 0.6, 2, 0.5, f);
    const wz = octaves2(table, x * 0.35 + 7, z * 0.6, 2, 0.5, f);
    const patch = octaves2(table, x * 0.22 + 0.5 * wx + 30, z * 0.3, 3, 0.5, f);
    const fibre = octaves2(table, x / CIRRUS.stretch + 0.9 * wx, z + 1.4 * wz + 50, 6, 0.62, f);
    const depth = Math.max(0, 1.5 * patch + 1.1 * fibre + (cover - 0.5) * 1.5 - 0.12);
    const thick = (depth * depth * 2.2) / (0.6 + depth);
    const elevation = (Math.asin(Math.max(0, dy)) * 180) / Math.PI;
    out[i] = (1 - Math.exp(-0.75 * thick)) * smoothstep(0, 6, elevation);
  });
  return out;
}
