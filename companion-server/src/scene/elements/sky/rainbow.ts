import type { Extent } from '@emoeditor/shared';
import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, LightPlanes, SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { enlargedTo, valueAt } from '../light/enlarge.ts';
import { hash01 } from '../light/noise.ts';
import { type Light, luminancePlane } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import { noiseTable, octaves2 } from './gradientNoise.ts';
import { shrunkView } from './shrunkView.ts';
import { longSide } from './skies.ts';
import { type Direction, directionAt, directionOf, skyFrame, sunAzimuth } from './skyFrame.ts';

interface Rainbow {
  readonly extent: Extent;
  /** Light of the bows, and the share by which the dark band between them dims. */
  readonly light: LightPlanes;
  readonly dark: Plane;
}

/** Height of the sun behind the camera, in degrees: the lower it is the higher the bow stands. */
const SUN = 14;
/** Long side of the map of the bows. */
const SIDE = 512;

/**
 * Two bows about the point opposite to the sun: 40.4° (violet) to 42.5° (red), and the second, reversed, 50.2° to 53.8°,
 * with the dark band between them and the brighter sky inside.
 */
function prepareRainbow(
  whole: SceneView,
  { strength = 1 }: Record<string, number>,
  seed: number,
): Rainbow {
  const view = shrunkView(whole);
  const frame = skyFrame(view, SIDE * SIDE, Math.min(SIDE, longSide(whole)));
  const side = sunAzimuth(view, frame) < 0 ? 1 : -1;
  const sun = directionOf(180 + side * (21 + 8 * hash01(seed, 3, 7)), SUN);
  const level = blurred(luminancePlane(view.light), view.extent, 0.02);
  const table = noiseTable(seed);
  const { extent } = frame;
  const light = [0, 1, 2].map(() => new Float32Array(frame.seen.length)) as unknown as LightPlanes;
  const dark = new Float32Array(frame.seen.length);
  const unit = Math.max(extent.width, extent.height);
  for (let i = 0; i < dark.length; i++) {
    const x = ((i % extent.width) + 0.5) / unit;
    const y = (Math.floor(i / extent.width) + 0.5) / unit;
    const ray = directionAt(frame, x, y);
    const angle = (Math.acos(-dot(ray, sun)) * 180) / Math.PI;
    const veil = curtain(table, ray);
    const around = Math.min(1, valueAt(level, view.extent, x, y));
    const gain = 0.25 * strength * (0.35 + 1.3 * around) * veil;
    dark[i] = 0.07 * strength * veil * Math.exp(-(((angle - 46.3) / 3) ** 2));
    for (let k = 0; k < 3; k++) (light[k] as Plane)[i] = gain * (colourAt(angle)[k] as number);
  }
  return { extent, light, dark };
}

const dot = (a: Direction, b: Direction) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** The rain in which the bow stands is thicker here and thinner there, and low in the sky. */
function curtain(table: Uint8Array, [dx, dy, dz]: Direction): number {
  const azimuth = (Math.atan2(dx, dz) * 180) / Math.PI;
  const elevation = (Math.asin(dy) * 180) / Math.PI;
  const noise = octaves2(table, azimuth / 9, elevation / 16, 3, 0.5, 0);
  return (
    Math.min(1.3, Math.max(0.15, 0.8 + 0.8 * noise)) *
    (0.55 + 0.45 * Math.exp(-Math.max(0, elevation) / 14)) *
    smoothstep(-6, 0.5, elevation)
  );
}

function colourAt(angle: number): Light {
  const first = bow((angle - 40.4) / 2.1);
  const second = bow((53.8 - angle) / 3.6);
  const inside = 0.17 * (1 - smoothstep(39, 42.2, angle)) * Math.exp(-Math.max(0, 41 - angle) / 22);
  return first.map((value, k) => value + 0.3 * (second[k] as number) + inside) as unknown as Light;
}

/** @param t 0 violet … 1 red */
function bow(t: number): Light {
  const bell = (centre: number, width: number) => Math.exp(-(((t - centre) / width) ** 2));
  return [
    bell(0.93, 0.26) + 0.16 * bell(0.02, 0.14),
    0.86 * bell(0.58, 0.25),
    0.95 * bell(0.22, 0.26),
  ];
}

function renderRainbow({ extent, light, dark }: Rainbow, tile: ElementTile): void {
  const enlarge = enlargedTo(extent, tile);
  const dimmed = enlarge(dark);
  const sky = tile.map('sky');
  const depth = tile.map('depth');
  for (const [k, plane] of tile.light.entries()) {
    const more = enlarge(light[k] as Plane);
    for (let i = 0; i < plane.length; i++) {
      const open = sky[i] as number;
      const far = smoothstep(0.5, 0.97, Math.max(depth[i] as number, open)) * (0.25 + 0.75 * open);
      if (far <= 0) continue;
      const old = plane[i] as number;
      const room = 1.1 - 0.55 * Math.min(1, old);
      plane[i] = old * (1 - far * (dimmed[i] as number)) + far * room * (more[i] as number);
    }
  }
}

const rainbowRenderer: ElementRenderer<Rainbow> = {
  prepare: prepareRainbow,
  render: renderRainbow,
};

export const rainbow = rendered(rainbowRenderer, ['sky', 'depth'], { overFace: 0, overPerson: 0 });
