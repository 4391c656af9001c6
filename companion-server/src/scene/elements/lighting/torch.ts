import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, SceneView } from '../elementRenderer.ts';
import { curveOf, onCurve } from '../light/curves.ts';
import { valueAt } from '../light/enlarge.ts';
import { valueNoise } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import { distanceOf, type Light, luminance, type Place } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import { attention } from './vignetteLight.ts';

interface Torch {
  /** Exposure outside the beam. */
  readonly exposure: number;
  readonly radius: number;
  readonly colour: Light;
  readonly power: number;
  readonly centre: Place;
  /** Distance of what the beam points at. */
  readonly distance: number;
  readonly seed: number;
}

const CONTRAST = curveOf(1, (y) => Math.max(y, 1e-4) ** 0.18);
const NIGHT: Light = [0.5, 0.8, 1.42];
const LAMP: Light = [1.1, 0.97, 0.74];

function prepareTorch(
  view: SceneView,
  { dark = 4.5, radius = 0.26, warmth = 0.8 }: Record<string, number>,
  seed: number,
): Torch {
  const centre = attention(view, seed);
  const depth = valueAt(view.maps.planes.depth, view.extent, centre.x, centre.y);
  return {
    exposure: 2 ** -dark,
    radius,
    colour: LAMP.map((value) => value ** warmth) as unknown as Light,
    power: 1.3,
    centre,
    distance: distanceOf(0.9 * Math.min(0.9, depth)),
    seed,
  };
}

/** A beam with a hot core, a plateau and a soft rim, falling off with the square of the distance; the rest is night. */
function renderTorch(torch: Torch, tile: ElementTile): void {
  const [sky, depth] = [tile.map('sky'), tile.map('depth')];
  const { x, y } = placesOf(tile);
  const [red, green, blue] = tile.light;
  for (const [row, py] of y.entries()) {
    for (let column = 0; column < x.length; column++) {
      const px = x[column] as number;
      const i = row * x.length + column;
      const beam = beamAt(torch, px, py);
      const behind = Math.max(0, distanceOf(0.9 * (depth[i] as number)) / torch.distance - 1);
      const s = smoothstep(0.4, 0.9, sky[i] as number);
      const lit = (torch.power * beam.spot * (1 - 0.97 * s)) / (1 + 0.9 * behind) ** 2;
      const r = red[i] as number;
      const g = green[i] as number;
      const b = blue[i] as number;
      const day = luminance(r, g, b);
      const gain = torch.exposure * onCurve(CONTRAST, day) * (1 - 0.5 * s);
      const rod = gain * (0.1 * r + 0.55 * g + 0.42 * b);
      for (let k = 0; k < 3; k++) {
        const plane = tile.light[k] as Plane;
        const value = plane[i] as number;
        const cones = value * gain;
        const night = cones + 0.8 * (rod * (NIGHT[k] as number) - cones);
        plane[i] = night + (value * lit + beam.air) * (torch.colour[k] as number);
      }
    }
  }
}

function beamAt({ centre, radius, seed, power }: Torch, x: number, y: number) {
  const dx = (x - centre.x) / radius;
  const dy = ((y - centre.y) * 1.06) / radius;
  const distance = Math.sqrt(dx * dx + dy * dy);
  const away = Math.max(distance, 1e-6);
  // Uneven over the angle, as a reflector is.
  const wave = valueNoise((1.6 * dx) / away + 7, (1.6 * dy) / away + 7, seed) - 0.5;
  const r = distance * (1 + 0.035 * wave);
  const core = r / 0.42;
  const ring = (r - 0.86) / 0.07;
  const wide = r / 1.5;
  const spot =
    0.55 * Math.exp(-core * core) +
    0.62 * smoothstep(1.08, 0.72, r) +
    0.1 * Math.exp(-ring * ring) +
    0.1 * Math.exp(-wide * wide);
  return { spot, air: 0.012 * Math.exp(-(r * r) / 0.81) * power };
}

const torchRenderer: ElementRenderer<Torch> = { prepare: prepareTorch, render: renderTorch };

export const torch = rendered(torchRenderer, ['sky', 'depth']);
