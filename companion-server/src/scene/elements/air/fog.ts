import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, LightPlanes, SceneView } from '../elementRenderer.ts';
import { blurredLight } from '../light/blur.ts';
import { enlargedTo } from '../light/enlarge.ts';
import { fractalNoise } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import {
  airLight,
  distanceOf,
  horizonRow,
  type Light,
  luminance,
  sunPlace,
} from '../light/sceneNumbers.ts';
import { shrinkingTo } from '../light/shrink.ts';
import { rendered } from '../renderedElement.ts';

/** Fog or ground mist, prepared for a scene. */
interface Fog {
  readonly extent: SceneView['extent'];
  /** Optical depth per distance, and of the band of mist at the horizon. */
  readonly density: number;
  readonly mist: number;
  /** Height of the band, and the row of the horizon; shares of the long side. */
  readonly height: number;
  readonly horizon: number;
  readonly air: Light;
  /** How much brighter the air is towards the sun, by place. */
  readonly glow: Plane | null;
  /** Density of the air by place, mean 1: near, in large patches, and far, in long banks; planes of a size of their own. */
  readonly patches: Extent;
  readonly near: Plane;
  readonly far: Plane;
  readonly patchiness: number;
  /** The picture blurred: light that the fog scatters. */
  readonly scattered: LightPlanes;
}

/** Distance of the farthest things, in units of the nearest. */
const FARTHEST = 33;
/** Size of the patches, as a share of the long side. */
const PATCHES = 0.3;
/** Long side that is enough for them: their finest octave spans four pixels. */
const PATCHES_SIDE = 224;
const SCATTERING = 0.006;
/** Bounds of the fog's luminance: no brighter than a bright sky, and not black at night. */
const BRIGHTEST = 0.72;
const DARKEST = 0.1;

function prepareFog(
  view: SceneView,
  { density = 0, mist = 0, height = 0.07, patchiness = 0.5, warmth = 0 }: Record<string, number>,
  seed: number,
): Fog {
  const { extent, light } = view;
  return {
    extent,
    density,
    mist,
    height,
    horizon: horizonRow(view),
    air: airOf(view, warmth),
    glow: glowOf(view),
    ...densities(view, seed),
    patchiness,
    scattered: blurredLight(light, extent, SCATTERING),
  };
}

function airOf(view: SceneView, warmth: number): Light {
  const air = airLight(view).map((value) => 0.95 * value) as unknown as Light;
  const grey = Math.max(luminance(...air), 1e-3);
  const gain = grey > BRIGHTEST ? BRIGHTEST / grey : Math.max(1, DARKEST / grey);
  const [red, green, blue] = air;
  return [red * gain * (1 + 0.12 * warmth), green * gain, blue * gain * (1 - 0.14 * warmth)];
}

function glowOf(view: SceneView): Plane | null {
  const sun = sunPlace(view);
  if (sun === null) return null;
  const { x, y } = placesOf({ bounds: { left: 0, top: 0, ...view.extent }, extent: view.extent });
  return view.maps.planes.sky.map((_, i) => {
    const dx = (x[i % x.length] as number) - sun.x;
    const dy = (y[Math.floor(i / x.length)] as number) - sun.y;
    const r = Math.sqrt(dx * dx + dy * dy);
    return 0.6 * (1.2 * Math.exp(-r / 0.1) + 0.6 * Math.exp(-r / 0.35));
  });
}

/** Wind-drifted density in two depths: noise displaced by slower noise, and stretched along the ground far away. */
function densities({ extent: whole }: SceneView, seed: number) {
  const { extent } = shrinkingTo(PATCHES_SIDE, whole);
  const { x, y, side } = placesOf({ bounds: { left: 0, top: 0, ...extent }, extent });
  const near = new Float32Array(extent.width * extent.height);
  const far = new Float32Array(near.length);
  const pixel = 1 / (side * PATCHES);
  for (const [row, py] of y.entries()) {
    for (let column = 0; column < x.length; column++) {
      const px = x[column] as number;
      const u = px / PATCHES;
      const v = py / PATCHES;
      const drift = fractalNoise(0.7 * u, 1.5 * v, seed + 5, { count: 3, gain: 0.5 }, pixel);
      const i = row * x.length + column;
      const octaves = { count: 5, gain: 0.5 };
      near[i] = fractalNoise(
        0.55 * u + 1.2 * drift,
        1.6 * v + 0.7 * drift,
        seed,
        octaves,
        1.6 * pixel,
      );
      far[i] = fractalNoise(
        1.3 * u + 1.2 * drift,
        4.2 * v + 0.5 * drift,
        seed + 9,
        octaves,
        4.2 * pixel,
      );
    }
  }
  return { patches: extent, near, far };
}

/**
 * J · t + A · (1 − t), t = exp(−τ): Koschmieder's law of visibility. τ grows with distance and with the density of the
 * air; towards the zenith the air is thin.
 */
function renderFog(fog: Fog, tile: ElementTile): void {
  const enlarge = enlargedTo(fog.extent, tile);
  const enlargePatches = enlargedTo(fog.patches, tile);
  const [near, far] = [enlargePatches(fog.near), enlargePatches(fog.far)];
  const glow = fog.glow === null ? null : enlarge(fog.glow);
  const sky = tile.map('sky');
  const depth = tile.map('depth');
  const { y } = placesOf(tile);
  const { width } = tile.bounds;
  const through = new Float32Array(depth.length);
  const bright = new Float32Array(depth.length);
  for (const [row, py] of y.entries()) {
    const above = Math.max(0, fog.horizon - py);
    const skyDistance = FARTHEST * (0.12 + 0.88 * Math.exp(-above / 0.16));
    for (let i = row * width; i < (row + 1) * width; i++) {
      const d = depth[i] as number;
      const s = sky[i] as number;
      const solid = distanceOf(0.985 * d);
      const z = solid + s * (skyDistance - solid);
      const n = near[i] as number;
      const noise = n + smoothstep(0.35, 0.9, d) * ((far[i] as number) - n) - 0.5;
      const density = Math.max(0.05, 1 + fog.patchiness * 3.2 * noise);
      const band = bandAt((py - fog.horizon - 0.01) / fog.height + 1.6 * (n - 0.5));
      const mist = fog.mist * band * (1 - 0.35 * s) * smoothstep(0.1, 0.55, d) * 1.6;
      const tau =
        fog.density * (z - 1) * (0.35 + 0.65 * density) +
        mist * density * Math.sqrt(Math.sqrt(z / FARTHEST));
      const billow = 0.16 * (Math.min(2, density) - 1) * (1 - s) * fog.patchiness;
      through[i] = Math.exp(-tau);
      bright[i] = (1 + billow) * (1 + (glow === null ? 0 : (glow[i] as number)));
    }
  }
  for (const [k, plane] of tile.light.entries()) {
    veil(plane, enlarge(fog.scattered[k] as Plane), through, bright, fog.air[k] as number);
  }
}

/** Density of the mist bank at a vertical distance from its middle, in heights of the bank; rounded at the middle. */
const bandAt = (away: number) => Math.exp(0.6 - Math.sqrt(away * away + 0.36));

function veil(plane: Plane, scattered: Plane, through: Plane, bright: Plane, air: number): void {
  for (let i = 0; i < plane.length; i++) {
    const t = through[i] as number;
    const soft = Math.min(0.85, Math.max(0, 1.1 * (1 - t) - 0.1));
    const sharp = plane[i] as number;
    const seen = sharp + soft * ((scattered[i] as number) - sharp);
    plane[i] = seen * t + air * (bright[i] as number) * (1 - t);
  }
}

const fogRenderer: ElementRenderer<Fog> = { prepare: prepareFog, render: renderFog };

/** Ground mist: fog that is almost clear above its bank. */
const mistRenderer: ElementRenderer<Fog> = {
  prepare: (view, { density = 0, ...parameters }, seed) =>
    prepareFog(view, { ...parameters, mist: 1.6 * density, density: 0.012 * density }, seed),
  render: renderFog,
};

export const fog = rendered(fogRenderer, ['sky', 'depth'], { overFace: 0.35, overPerson: 0.85 });
export const groundMist = rendered(mistRenderer, ['sky', 'depth'], {
  overFace: 0.35,
  overPerson: 0.85,
});
