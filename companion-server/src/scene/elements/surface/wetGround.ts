import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, LightPlanes, SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { enlargedTo, valueAt } from '../light/enlarge.ts';
import { fractalNoise } from '../light/noise.ts';
import { type Places, placesOf } from '../light/places.ts';
import { expandedLight, horizonRow, luminance, luminancePlane } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import { contactRows, smearedLevels } from './reflections.ts';

interface WetGround {
  readonly extent: Extent;
  /** Film of water, share of puddles, roughness of the film. */
  readonly amount: number;
  readonly puddles: number;
  readonly roughness: number;
  readonly horizon: number;
  readonly ground: Plane;
  /** Row, in shares of the long side, about which a place mirrors the picture. */
  readonly contact: Plane;
  /** The mirrored picture, sharp to smeared along the line of sight. */
  readonly levels: readonly LightPlanes[];
  /** Local mean of the light. */
  readonly around: Plane;
  readonly seed: number;
}

/** Eye height over distance: where Fresnel's reflection begins to rise. */
const SLANT = 0.9;
const BOOST = 1.6;
const DARK = 0.75;

function prepareWet(
  view: SceneView,
  { amount = 0.8, puddles = 0.5, roughness = 0.5 }: Record<string, number>,
  seed: number,
): WetGround {
  const { extent, maps } = view;
  const { ground, subject, person, water } = maps.planes;
  const standing = subject.map((value, i) => Math.max(value, person[i] as number));
  const horizon = horizonRow(view);
  const contact = contactRows(ground, water, standing, extent, horizon);
  const light = expandedLight(view.light, extent, 0.8, 1);
  return {
    extent,
    ...{ amount, puddles, roughness, horizon, contact, seed },
    ground: ground.map((value) => smoothstep(0.4, 0.8, value)),
    levels: smearedLevels(light, ground, extent),
    around: blurred(luminancePlane(view.light), extent, 0.006),
  };
}

function renderWet(wet: WetGround, tile: ElementTile): void {
  const places = placesOf(tile);
  const enlarge = enlargedTo(wet.extent, tile);
  const planes = {
    ground: tile.map('ground'),
    sure: enlarge(wet.ground),
    contact: enlarge(wet.contact),
    around: enlarge(wet.around),
  };
  let i = 0;
  for (const y of places.y) {
    for (let column = 0; column < places.x.length; column++) {
      const x = places.x[column] as number;
      const wetness =
        Math.min(1, planes.sure[i] as number) * smoothstep(0.3, 0.7, planes.ground[i] as number);
      const deep = y - (planes.contact[i] as number);
      if (wetness > 0.004 && deep > 0) {
        pixel(wet, tile, places, i, x, y, deep, wetness, planes.around[i] as number);
      }
      i++;
    }
  }
}

/** Share of water that stands at a place, in the perspective of the ground. */
function puddleAt(wet: WetGround, u: number, v: number, pixelSize: number): number {
  if (wet.puddles <= 0) return 0;
  const noise = fractalNoise(0.55 * u, 0.33 * v, wet.seed, { count: 4, gain: 0.45 }, pixelSize);
  const threshold = 0.66 - 0.26 * wet.puddles;
  return smoothstep(threshold - 0.015, threshold + 0.02, noise + 0.03);
}

function pixel(
  wet: WetGround,
  { light }: ElementTile,
  { side, width }: Places,
  i: number,
  x: number,
  y: number,
  deep: number,
  wetness: number,
  around: number,
): void {
  const below = Math.max(0.005, y - wet.horizon);
  const u = (x - 0.5 * width) / below;
  const v = 1 / below;
  // Size of a pixel on the ground: a distant row covers more ground.
  const size = Math.max(1, 0.6 / below) / (side * below);
  const puddle = puddleAt(wet, u, v, size) * smoothstep(0, 0.02, deep);
  const ripple =
    0.35 * (fractalNoise(9 * u, 9 * v, wet.seed + 8, { count: 2, gain: 0.5 }, 9 * size) - 0.5);
  const [red, green, blue] = light;
  const day = luminance(red[i] as number, green[i] as number, blue[i] as number);
  // Stones and tiles of the ground scatter what the film mirrors.
  const bump = Math.min(1, Math.max(-1, day / (around + 0.01) - 1)) * (1 - puddle) * 0.01;
  const mirrorX = x + (0.004 * ripple + 0.4 * bump) * (0.3 + 3 * deep);
  const mirrorY = y - deep - 0.98 * deep + 0.02 * ripple * (0.15 + deep) + bump;
  const film = 0.6 + wet.roughness * (1.3 + 7 * deep);
  const still = 0.05 + 0.25 * wet.roughness + 1.4 * wet.roughness * deep;
  const level = Math.min(wet.levels.length - 1.001, Math.max(0, film + puddle * (still - film)));
  const low = level | 0;
  const cosine = below / Math.sqrt(below * below + SLANT * SLANT);
  const grazing = (1 - cosine) ** 5;
  const fresnel = Math.min(0.9, BOOST * (0.02 + 0.98 * grazing));
  const mirrored = fresnel * 0.62 * wet.amount;
  const share = mirrored + puddle * (Math.min(0.92, fresnel * 1.15 + 0.03) - mirrored);
  const darker = (1 - DARK * (0.3 + 0.1 * wet.amount)) * (1 - 0.5 * puddle);
  const upper = wet.levels[low] as LightPlanes;
  const lower = wet.levels[low + 1] as LightPlanes;
  for (let k = 0; k < 3; k++) {
    const plane = light[k] as Plane;
    const dry = plane[i] as number;
    const a = valueAt(upper[k] as Plane, wet.extent, mirrorX, mirrorY);
    const b = valueAt(lower[k] as Plane, wet.extent, mirrorX, mirrorY);
    const seen = a + (level - low) * (b - a);
    // Water fills the pores: darker and more saturated (Lekner & Dorf 1988).
    const soaked = dry * darker * Math.sqrt(Math.sqrt(Math.min(1, dry) ** 0.75));
    plane[i] = dry + wetness * (soaked * (1 - share) + seen * share - dry);
  }
}

const wetRenderer: ElementRenderer<WetGround> = { prepare: prepareWet, render: renderWet };

export const wetGround = rendered(wetRenderer, ['ground'], { overFace: 0, overPerson: 0.05 });
