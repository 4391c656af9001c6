import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { enlargedTo, valueAt } from '../light/enlarge.ts';
import { fractalNoise, hash01, valueNoise } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import {
  airLight,
  distanceOf,
  type Light,
  lightSide,
  luminancePlane,
  type Place,
  percentile,
  sunPlace,
} from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';

interface Shafts {
  readonly extent: Extent;
  /** Light in the air by place: beams, which dust makes uneven, and an even veil. */
  readonly beams: Plane;
  readonly veil: Plane;
  readonly colour: Light;
  readonly seed: number;
}

/** Taps of one pass, and passes: each pass multiplies the number of samples along a ray. */
const TAPS = 6;
const PASSES = 3;

function prepareShafts(
  view: SceneView,
  { strength = 0.6, reach = 0.8, warmth = 0.5 }: Record<string, number>,
  seed: number,
): Shafts {
  const { extent } = view;
  const side = Math.max(extent.width, extent.height);
  const right = lightSide(view) > 0 ? 0.8 : 0.2;
  const across = right + 0.2 * (hash01(9, 4, seed) - 0.5);
  const sun = sunPlace(view) ?? {
    x: (across * extent.width) / side,
    y: (-0.5 * extent.height) / side,
  };
  const smeared = radialMean(sources(view, sun), extent, sun, reach);
  const wide = blurred(smeared, extent, 0.06);
  const leaves = canopy(view, sun, seed);
  const air = airLight(view);
  const most = Math.max(1e-3, ...air);
  const tint = [1 + 0.15 * warmth, 1 + 0.02 * warmth, 1 - 0.28 * warmth];
  const beams = smeared.map((value, i) =>
    Math.max(0, 2.2 * Math.max(0, value - 0.8 * (wide[i] as number)) + 0.5 * (leaves[i] as number)),
  );
  const all = smeared.map((value, i) => Math.max(value, 0.45 * (leaves[i] as number)));
  return {
    extent,
    beams: beams.map((value) => strength * value),
    veil: blurred(all, extent, 0.05).map((value) => 0.4 * strength * value),
    colour: air.map((value, k) => (value / most) * (tint[k] as number)) as unknown as Light,
    seed,
  };
}

/** Sources of the shafts: the sky, and bright gaps in what stands before it. */
function sources({ light, extent, maps }: SceneView, sun: Place): Plane {
  const luma = luminancePlane(light);
  const { sky, subject } = maps.planes;
  const bright = Math.max(0.25, percentile(luma, 0.9));
  const { x, y, height } = placesOf({ bounds: { left: 0, top: 0, ...extent }, extent });
  const start = Math.max(0, -sun.y);
  return luma.map((value, i) => {
    const [px, py] = [x[i % x.length] as number, y[Math.floor(i / x.length)] as number];
    const s = sky[i] as number;
    const gap =
      smoothstep(bright, 1.8 * bright, value) *
      smoothstep(0.55, 0.15, py / height) *
      (1 - (subject[i] as number));
    const source = s * smoothstep(0.25, 0.8, value) + (1 - s) * gap;
    const away = Math.hypot(px - sun.x, py - sun.y) - start;
    return source * Math.exp(-Math.max(0, away) / 0.5);
  });
}

/** Mean along the rays from the sun (Mitchell, GPU Gems 3 chapter 13), in nested passes. */
function radialMean(plane: Plane, extent: Extent, sun: Place, reach: number): Plane {
  const { x, y } = placesOf({ bounds: { left: 0, top: 0, ...extent }, extent });
  const step = (1 - reach) ** (1 / TAPS ** PASSES);
  let mean = plane;
  for (let pass = 0; pass < PASSES; pass++) {
    const from = mean;
    mean = new Float32Array(plane.length);
    const near = Float64Array.from({ length: TAPS }, (_, tap) => step ** (tap * TAPS ** pass));
    for (let i = 0; i < mean.length; i++) {
      const dx = (x[i % x.length] as number) - sun.x;
      const dy = (y[Math.floor(i / x.length)] as number) - sun.y;
      let sum = 0;
      for (let tap = 0; tap < TAPS; tap++) {
        const share = near[tap] as number;
        sum += valueAt(from, extent, sun.x + dx * share, sun.y + dy * share);
      }
      mean[i] = sum / TAPS;
    }
  }
  return mean;
}

/** Beams from gaps in a canopy outside the picture: noise over the angle about the sun. */
function canopy({ extent }: SceneView, sun: Place, seed: number): Plane {
  const { x, y } = placesOf({ bounds: { left: 0, top: 0, ...extent }, extent });
  const start = Math.max(0, -sun.y);
  const wide = 1 / (0.16 + 0.3 * (start + 0.15));
  const out = new Float32Array(extent.width * extent.height);
  for (const [row, py] of y.entries()) {
    for (let column = 0; column < x.length; column++) {
      const px = x[column] as number;
      const [dx, dy] = [px - sun.x, py - sun.y];
      const away = Math.hypot(dx, dy);
      const angle = Math.atan2(dy, dx) * wide;
      const gaps =
        valueNoise(9 * angle, 0.4 * away, seed) * valueNoise(23 * angle + 5, 0.5 * away, seed + 3);
      const fine = valueNoise(51 * angle, 0.6 * away + 3, seed + 7) - 0.5;
      out[row * x.length + column] =
        smoothstep(0.22, 0.62, gaps + 0.22 * fine) *
        Math.exp(-Math.max(0, away - start) / 0.45) *
        smoothstep(0.02, 0.12, away);
    }
  }
  return blurred(out, extent, 0.003);
}

/** Adds light by depth: the farther a thing is, the more lit air lies in front of it. */
function renderShafts({ extent, beams, veil, colour, seed }: Shafts, tile: ElementTile): void {
  const enlarge = enlargedTo(extent, tile);
  const [beam, even] = [enlarge(beams), enlarge(veil)];
  const [depth, sky] = [tile.map('depth'), tile.map('sky')];
  const { x, y, side } = placesOf(tile);
  const octaves = { count: 3, gain: 0.5 };
  for (const [row, py] of y.entries()) {
    for (let column = 0; column < x.length; column++) {
      const px = x[column] as number;
      const i = row * x.length + column;
      const strong = beam[i] as number;
      const dust =
        strong > 0.004
          ? 0.75 + 0.5 * fractalNoise(px / 0.12, py / 0.12, seed + 20, octaves, 1 / (0.12 * side))
          : 1;
      const air = 1 - Math.exp(-0.35 * (distanceOf(depth[i] as number) - 0.75));
      const added = Math.max(0, strong * dust + (even[i] as number));
      const light = added * air * (1 - 0.55 * (sky[i] as number));
      const kept = 1 - 0.35 * Math.min(1, light);
      for (let k = 0; k < 3; k++) {
        const plane = tile.light[k] as Plane;
        plane[i] = (plane[i] as number) * kept + light * (colour[k] as number);
      }
    }
  }
}

const shaftsRenderer: ElementRenderer<Shafts> = { prepare: prepareShafts, render: renderShafts };

export const lightShafts = rendered(shaftsRenderer, ['sky', 'depth'], { overFace: 0.4 });
