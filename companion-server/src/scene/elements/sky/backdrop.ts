import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../../compositor/planes.ts';
import { shareOf } from '../../maps/sceneMaps.ts';
import type { LightPlanes, SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { enlargedTo, valueAt } from '../light/enlarge.ts';
import { type Light, luminance, luminancePlane, weightedMean } from '../light/sceneNumbers.ts';
import { skyColour } from '../skyMatte.ts';
import { columnMean } from '../surface/reflections.ts';
import type { SkyLight } from './skyDome.ts';

/** How the ground follows a new sky. */
export interface GroundLight {
  /** Factor of each channel; by night after what `night` does. */
  readonly gain: Light;
  /** How far direct light is taken out of the ground, 0 … 1. */
  readonly flatten: number;
  /** Exposure of a ground made dark; null by day. */
  readonly night: number | null;
  /** Share of the horizon's colour over what is farthest. */
  readonly veil: number;
}

/** A new sky behind the photograph, and what it changes on the rest. */
export interface Backdrop {
  /** Whether the photograph's own sky stays and light is only added to it; nothing else changes then. */
  readonly keepsSky: boolean;
  readonly sky: SkyLight;
  /** Of all planes below. */
  readonly extent: Extent;
  /** Colour of the old sky, and of what stands before it, around every place. */
  readonly oldSky: LightPlanes;
  readonly front: LightPlanes;
  /** Luminance of the ground, blurred. */
  readonly base: Plane;
  readonly ground: GroundLight;
  /** The new sky's colour near the horizon. */
  readonly low: Light;
  /** The new sky's luminance, blurred: the lens spreads a share of it over the borders. */
  readonly glare: Plane;
  /** The new sky mirrored in water; null without water. */
  readonly mirror: Mirror | null;
  /** Standard deviation of the grain, in roots of light. */
  readonly grain: number;
  readonly seed: number;
}

export interface Mirror {
  readonly light: LightPlanes;
  /** Share of sky in what a place of the water mirrors, times its reflectance. */
  readonly share: Plane;
}

/** Width of the spread light. */
const GLARE = 0.02;

/** Mean light of the photograph's sky as it is now. */
export const oldSkyLight = ({ light, maps }: SceneView) => weightedMean(light, maps.planes.sky);

/** Mean light of the new sky where it will be seen. */
export function newSkyLight({ extent, maps }: SceneView, sky: SkyLight): Light {
  const weights = Float32Array.from(sky.light[0], (_, i) => {
    const side = Math.max(sky.extent.width, sky.extent.height);
    const x = ((i % sky.extent.width) + 0.5) / side;
    const y = (Math.floor(i / sky.extent.width) + 0.5) / side;
    return valueAt(maps.planes.sky, extent, x, y);
  });
  return weightedMean(sky.light, weights);
}

/**
 * @param view of a few hundred pixels: all that is read from it is smooth
 * @param horizon row in shares of the long side
 * @param grain of the photograph, see `grainOf`
 */
export function backdrop(
  view: SceneView,
  sky: SkyLight,
  ground: GroundLight,
  horizon: number,
  grain: number,
  seed: number,
): Backdrop {
  const { extent, maps } = view;
  const mask = maps.planes.sky;
  const linear = new Float32Array(3 * mask.length);
  for (const [k, plane] of view.light.entries()) linear.set(plane, k * mask.length);
  const solid = mask.map((value) => 1 - value);
  const luma = luminancePlane(view.light);
  const oldSky = skyColour(linear, mask, extent) ?? view.light;
  const front = skyColour(linear, solid, extent) ?? view.light;
  const enlarge = enlargedTo(sky.extent, { bounds: { left: 0, top: 0, ...extent }, extent });
  const behind = sky.light.map((plane) => masked(enlarge(plane), mask)) as unknown as LightPlanes;
  return {
    keepsSky: false,
    sky,
    extent,
    oldSky,
    front,
    base: localMean(luma, solid, extent),
    ground,
    low: colourAbove(behind, mask, extent, horizon),
    glare: blurred(luminancePlane(behind), extent, GLARE),
    mirror: mirrorOf(view, behind, horizon),
    grain,
    seed,
  };
}

const masked = (plane: Plane, mask: Plane) => plane.map((value, i) => value * (mask[i] as number));

function localMean(plane: Plane, weights: Plane, extent: Extent): Plane {
  const sum = blurred(masked(plane, weights), extent, 0.03);
  const total = blurred(weights, extent, 0.03);
  return sum.map((value, i) => (value + 1e-4) / ((total[i] as number) + 1e-3));
}

/** Mean of the new sky in the band above the horizon, or of its lowest part where that is hidden. */
function colourAbove(behind: LightPlanes, mask: Plane, extent: Extent, horizon: number): Light {
  const side = Math.max(extent.width, extent.height);
  let lowest = 0;
  for (const [i, value] of mask.entries()) if (value > 0.5) lowest = i;
  const row = Math.min(horizon * side, Math.floor(lowest / extent.width));
  const near = mask.map((_, i) => Math.exp(-Math.abs(Math.floor(i / extent.width) - row) / 8));
  const share = weightedMean([mask, mask, mask], near)[0];
  return weightedMean(behind, near).map((value) => value / (share + 1e-6)) as unknown as Light;
}

/**
 * The sky mirrored about the horizon: smeared along the line of sight, as rough water does, weaker where one looks down
 * at it. The photograph's own waves are put back when it is drawn.
 */
function mirrorOf(
  { extent, maps }: SceneView,
  behind: LightPlanes,
  horizon: number,
): Mirror | null {
  const { sky, water } = maps.planes;
  if (shareOf(water) < 0.004) return null;
  const { width, height } = extent;
  const side = Math.max(width, height);
  const reach = Math.max(1, Math.round(0.015 * side));
  const smear = (plane: Plane) =>
    columnMean(columnMean(plane, width, height, reach), width, height, reach);
  const open = smear(sky);
  const smeared = behind.map(smear);
  const light = smeared.map((plane) => new Float32Array(plane.length)) as unknown as LightPlanes;
  const share = new Float32Array(open.length);
  for (let y = 0; y < height; y++) {
    const below = (y + 0.5) / side - horizon;
    // What lies above the picture is taken to be like its uppermost row.
    const row = Math.max(0, Math.round(2 * horizon * side - y - 1));
    if (below <= 0 || row >= height) continue;
    const grazing = 0.15 + 0.6 * Math.exp(-below / 0.28);
    for (let x = 0; x < width; x++) {
      const from = row * width + x;
      const seen = open[from] as number;
      if (seen < 0.01) continue;
      share[y * width + x] = seen * grazing;
      for (let k = 0; k < 3; k++) {
        (light[k] as Plane)[y * width + x] = ((smeared[k] as Plane)[from] as number) / seen;
      }
    }
  }
  return { light, share };
}

/** Noise of the old sky where it is certain, between neighbours of a row: the new one gets the same. */
export function grainOf({ light, maps }: SceneView): number {
  const green = light[1];
  const { sky } = maps.planes;
  const rest: number[] = [];
  for (let i = 1; i + 1 < green.length; i += 3) {
    if ((sky[i] as number) < 0.98) continue;
    const [a, b, c] = [green[i - 1], green[i], green[i + 1]].map((y) => Math.sqrt(y as number));
    rest.push(Math.abs((b as number) - 0.5 * ((a as number) + (c as number))));
  }
  if (rest.length < 150) return 0.005;
  rest.sort((a, b) => a - b);
  return Math.min(0.012, Math.max(0.0035, 1.8 * (rest[rest.length >> 1] as number)));
}

/** Factor that a change of the sky's light puts on the ground. */
export function followingGain(
  before: Light,
  after: Light,
  ground: number,
  tint: Light,
  light: number,
  strength: number,
): Light {
  const ratio = before.map((value, k) => ((after[k] as number) + 0.01) / (value + 0.01));
  const bright = luminance(ratio[0] as number, ratio[1] as number, ratio[2] as number);
  const level = Math.min(1.5, Math.max(0.3, bright)) ** ground * Math.sqrt(light);
  return ratio.map((value, k) => {
    const colour = Math.min(1.6, Math.max(0.6, value / bright)) ** (0.35 * ground);
    return (level * colour * (tint[k] as number)) ** strength;
  }) as unknown as Light;
}

/** Whether the photograph shows a night sky already: lights are added to it then, instead of replacing it. */
export const isNight = (view: SceneView) => {
  const dark = luminance(...oldSkyLight(view));
  return dark < 0.045;
};
