import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, LightPlanes, SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { valueAt } from '../light/enlarge.ts';
import { hash01, randomOf } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import { airLight, type Light, luminance } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import {
  type Backdrop,
  backdrop,
  followingGain,
  grainOf,
  newSkyLight,
  oldSkyLight,
} from './backdrop.ts';
import { bolt, drawBolts, STRIDE } from './bolts.ts';
import { freePlace } from './freePlace.ts';
import { BACKDROP_MAPS, renderBackdrop } from './renderBackdrop.ts';
import { shrunkView } from './shrunkView.ts';
import { longSide } from './skies.ts';
import { type SkyLight, skyDome } from './skyDome.ts';
import { type SkyFrame, skyFrame, sunAzimuth } from './skyFrame.ts';
import { type SkyLook, STORM } from './skyLooks.ts';

interface Lightning {
  readonly backdrop: Backdrop;
  readonly bolts: Float32Array;
  readonly strength: number;
}

/** A storm's sky, dark enough to be lit by its lightning. */
const DARK_STORM: SkyLook = {
  ...STORM,
  zenith: [0.05, 0.06, 0.08],
  low: [0.15, 0.16, 0.18],
  ambient: [0.075, 0.085, 0.115],
  ground: 0.9,
  light: 0.42,
};
const TINT: Light = [0.8, 0.84, 1];
/** Luminance below which the photograph's sky is dark enough to show a bolt; it is kept then, and lit. */
const DARK_ENOUGH = 0.16;
const PIXELS = 24_000;

function prepareLightning(
  whole: SceneView,
  { strength = 1, bolts: count = 1 }: Record<string, number>,
  seed: number,
): Lightning {
  const view = shrunkView(whole);
  const frame = skyFrame(view, PIXELS, longSide(whole));
  const bolts = boltsOf(view, frame, Math.round(count), seed);
  const keepsSky = luminance(...oldSkyLight(view)) < DARK_ENOUGH;
  const azimuth = sunAzimuth(view, frame);
  const before = keepsSky
    ? skyOf(view, frame)
    : skyDome(frame, DARK_STORM, azimuth, airLight(view), seed);
  const flash = flashOf(frame, bolts);
  const light = before.light.map((plane, k) =>
    plane.map((value, i) => {
      const tint = strength * (TINT[k] as number);
      const lit = value * (1 + 2 * tint * (flash.clouds[i] as number));
      return (keepsSky ? lit - value : lit) + 0.9 * tint * (flash.glow[i] as number);
    }),
  ) as unknown as LightPlanes;
  const sky = { extent: frame.extent, light };
  const { ground, tint } = DARK_STORM;
  const gain = followingGain(oldSkyLight(view), newSkyLight(view, sky), ground, tint, 0.45, 1);
  const look = { gain, flatten: 0.45, night: null, veil: 0.18 };
  const made = backdrop(view, sky, look, frame.horizon, grainOf(whole), seed);
  return { backdrop: { ...made, keepsSky }, bolts, strength };
}

function boltsOf(view: SceneView, frame: SkyFrame, count: number, seed: number): Float32Array {
  const rows: number[] = [];
  const first = freePlace(view, hash01(seed, 4, 9), 0.3).x;
  for (let n = 0; n < Math.max(1, count); n++) {
    const random = randomOf(seed + 5 + 17 * n);
    const x = n === 0 ? first : frame.width * (0.08 + 0.84 * random());
    const start = { x: x + 0.2 * (random() - 0.5), y: -0.03 };
    const end = { x: x + 0.12 * (random() - 0.5), y: frame.horizon + 0.012 };
    // The others stand farther away: thinner and fainter.
    const size = n === 0 ? 1 : 0.45 + 0.3 * random();
    for (const [k, value] of bolt(random, start, end).entries()) {
      rows.push(k % STRIDE >= 4 ? value * size : value);
    }
  }
  return Float32Array.from(rows);
}

/** The photograph's own sky, by pixel of the frame. */
function skyOf({ light, extent }: SceneView, frame: SkyFrame): SkyLight {
  const side = Math.max(frame.extent.width, frame.extent.height);
  const planes = light.map((plane) =>
    frame.seen.map((_, i) => {
      const x = ((i % frame.extent.width) + 0.5) / side;
      const y = (Math.floor(i / frame.extent.width) + 0.5) / side;
      return valueAt(plane, extent, x, y);
    }),
  ) as unknown as LightPlanes;
  return { extent: frame.extent, light: planes };
}

/** How a bolt lights the clouds around it, 0 … 1, and the glow of the air. */
function flashOf({ extent }: SkyFrame, bolts: Float32Array): { clouds: Plane; glow: Plane } {
  const line = new Float32Array(extent.width * extent.height);
  const bounds = { left: 0, top: 0, ...extent };
  drawBolts(bolts, placesOf({ bounds, extent }), line);
  const wide = blurred(line, extent, 0.14);
  const most = Math.max(
    1e-6,
    wide.reduce((a, b) => Math.max(a, b), 0),
  );
  const [near, middle, far] = [0.005, 0.015, 0.06].map((share) => blurred(line, extent, share));
  return {
    clouds: wide.map((value) => value / most),
    glow: line.map((_, i) => {
      const sum = 0.8 * (near?.[i] ?? 0) + 0.8 * (middle?.[i] ?? 0) + 0.8 * (far?.[i] ?? 0);
      return Math.min(0.7, sum);
    }),
  };
}

function renderLightning(
  { backdrop: behind, bolts, strength }: Lightning,
  tile: ElementTile,
): void {
  renderBackdrop(behind, tile, (sky, mask) => {
    const line = new Float32Array(mask.length);
    const places = placesOf(tile);
    if (!drawBolts(bolts, places, line)) return;
    for (let k = 0; k < 3; k++) {
      const plane = sky[k] as Plane;
      const colour = 2.2 * strength * (0.55 + 0.45 * (TINT[k] as number));
      for (let i = 0; i < plane.length; i++) {
        const core = line[i] as number;
        if (core > 0) plane[i] = (plane[i] as number) + colour * core * smoothstep(0, 0.1, core);
      }
    }
  });
}

const lightningRenderer: ElementRenderer<Lightning> = {
  prepare: prepareLightning,
  render: renderLightning,
};

export const lightning = rendered(lightningRenderer, BACKDROP_MAPS, { overFace: 0.6 });
