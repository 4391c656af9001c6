import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import { shareOf } from '../../maps/sceneMaps.ts';
import type { LightPlanes, SceneView } from '../elementRenderer.ts';
import { blurred } from './blur.ts';

/** Linear light of three channels. */
export type Light = readonly [red: number, green: number, blue: number];

/** Luminance of linear light with sRGB's primaries. */
export const luminance = (r: number, g: number, b: number) => 0.2126 * r + 0.7152 * g + 0.0722 * b;

export function luminancePlane([red, green, blue]: LightPlanes): Plane {
  const out = new Float32Array(red.length);
  for (let i = 0; i < out.length; i++) {
    out[i] = luminance(red[i] as number, green[i] as number, blue[i] as number);
  }
  return out;
}

/** Value below which that share of a plane's values lies. */
export function percentile(plane: Plane, share: number): number {
  const sorted = plane.slice().sort();
  return sorted[Math.round(share * (sorted.length - 1))] ?? 0;
}

/** Row of the horizon in shares of the long side. Where none can be told: the lower end of the sky, else 0.35 of the height. */
export function horizonRow({ extent, maps }: SceneView): number {
  const height = extent.height / Math.max(extent.width, extent.height);
  const { horizon } = maps;
  if (horizon !== null) return ((horizon.left + horizon.right) / 2) * height;
  return skyEnd(maps.planes.sky, extent.width, extent.height) * height;
}

function skyEnd(sky: Plane, width: number, height: number): number {
  const ends: number[] = [];
  for (let x = 0; x < width; x++) {
    let y = height - 1;
    while (y >= 0 && (sky[y * width + x] as number) < 0.5) y--;
    if (y >= 0) ends.push((y + 1) / height);
  }
  if (ends.length < 0.1 * width) return 0.35;
  ends.sort((a, b) => a - b);
  return Math.min(0.8, Math.max(0.1, ends[Math.floor(0.7 * ends.length)] as number));
}

/**
 * Colour of the air: of the sky near the horizon where there is one, else of the bright quarter of the picture; partly
 * without its saturation.
 */
export function airLight(view: SceneView): Light {
  const { light, extent, maps } = view;
  const { width, height } = extent;
  const luma = luminancePlane(light);
  const { sky } = maps.planes;
  const inSky = shareOf(sky) > 0.04;
  const bright = percentile(
    inSky ? luma.filter((_, i) => (sky[i] as number) > 0.3) : luma,
    inSky ? 0.92 : 0.75,
  );
  const row = (horizonRow(view) * Math.max(width, height)) / height;
  const weights = luma.map((y, i) => {
    if (!inSky) return y >= bright ? 1 : 0;
    const away = Math.abs(Math.floor(i / width) / height - row);
    return y <= bright ? (sky[i] as number) ** 2 * (0.2 + Math.exp(-away / 0.15)) : 0;
  });
  const mean = weightedMean(light, weights);
  const grey = luminance(...mean);
  const kept = inSky ? 0.75 : 0.35;
  return mean.map((value) => grey + kept * (value - grey)) as unknown as Light;
}

export function weightedMean(light: LightPlanes, weights: Plane): Light {
  let total = 1e-9;
  for (const weight of weights) total += weight;
  return light.map((plane) => {
    let sum = 0;
    for (let i = 0; i < plane.length; i++) sum += (plane[i] as number) * (weights[i] as number);
    return sum / total;
  }) as unknown as Light;
}

/** A place in shares of the long side. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** The sun, or where it must stand behind clouds: the brightest smooth place of the sky. Null without one. */
export function sunPlace({ light, extent, maps }: SceneView): Place | null {
  const { sky } = maps.planes;
  const luma = luminancePlane(light);
  const seen = blurred(
    luma.map((y, i) => Math.min(1, y) * (sky[i] as number)),
    extent,
    0.025,
  );
  let best = 0;
  let [sum, count] = [0, 0];
  for (const [i, value] of seen.entries()) {
    if (value > (seen[best] as number)) best = i;
    if (value > 0.02) {
      sum += value;
      count++;
    }
  }
  const top = seen[best] as number;
  if (top < 0.72 || top < (1.5 * sum) / Math.max(1, count)) return null;
  const side = Math.max(extent.width, extent.height);
  return {
    x: ((best % extent.width) + 0.5) / side,
    y: (Math.floor(best / extent.width) + 0.5) / side,
  };
}

/** Side from which the scene is lit already: −1 left, 1 right, by what is not sky. */
export function lightSide({ light, extent, maps }: SceneView): -1 | 1 {
  const luma = luminancePlane(light);
  const { sky } = maps.planes;
  let [moment, weight, sum, centre] = [0, 0, 0, 0];
  for (let i = 0; i < luma.length; i++) {
    const solid = 1 - (sky[i] as number);
    const value = Math.log((luma[i] as number) + 0.02) * solid;
    const x = ((i % extent.width) + 0.5) / extent.width - 0.5;
    moment += value * x;
    sum += value;
    weight += solid;
    centre += solid * x;
  }
  return moment - (sum / Math.max(weight, 1e-6)) * centre > 0 ? 1 : -1;
}

/** Distance in units of the nearest thing, of a relative depth 0 … 1: that of a plane of ground seen in perspective. */
export const distanceOf = (depth: number) => 1 / (1 - 0.97 * depth);

/**
 * Share of bright surroundings above which a bright place begins to count as a surface and no lamp, and above which it
 * fully does.
 */
const SURFACE = [0.08, 0.35] as const;

/**
 * Guesses how bright clipped highlights were: x · (1 + gain · how white). Compact ones only: a sky, a shirt or a wall
 * is as bright as it looks.
 */
export function expandedLight(
  light: LightPlanes,
  extent: SceneView['extent'],
  knee: number,
  gain: number,
): LightPlanes {
  const [red, green, blue] = light;
  const bright = red.map((r, i) =>
    smoothstep(knee, 1, Math.max(r, green[i] as number, blue[i] as number)),
  );
  const spread = blurred(bright, extent, 0.05);
  const factor = bright.map(
    (value, i) => 1 + gain * value * (1 - smoothstep(...SURFACE, spread[i] as number)),
  );
  return light.map((plane) =>
    plane.map((value, i) => value * (factor[i] as number)),
  ) as unknown as LightPlanes;
}
