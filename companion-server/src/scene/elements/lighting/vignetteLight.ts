import { type Plane, smoothstep } from '../../../compositor/planes.ts';
import { shareOf } from '../../maps/sceneMaps.ts';
import type { ElementRenderer, ElementTile, SceneView } from '../elementRenderer.ts';
import { hash01, valueNoise } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import type { Place } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';

/** Light that falls on one part of the picture and leaves the rest in shade. */
interface VignetteLight {
  readonly strength: number;
  readonly radius: number;
  readonly centre: Place;
  readonly seed: number;
}

function prepareVignette(
  view: SceneView,
  { strength = 0.5, radius = 0.4 }: Record<string, number>,
  seed: number,
): VignetteLight {
  return { strength, radius, centre: attention(view, seed), seed };
}

/** Where the eye goes: the face, else the subject, else near the middle. */
export function attention({ maps, extent }: SceneView, seed: number): Place {
  const { face, subject } = maps.planes;
  const side = Math.max(extent.width, extent.height);
  const where = shareOf(face) > 5e-4 ? face : shareOf(subject) > 0.01 ? subject : null;
  if (where === null) {
    const shift = (n: number) => 0.5 + 0.16 * (hash01(n, 8, seed) - 0.5);
    return { x: (shift(1) * extent.width) / side, y: (shift(2) * extent.height) / side };
  }
  let [x, y, total] = [0, 0, 0];
  for (let i = 0; i < where.length; i++) {
    const weight = (where[i] as number) ** 2;
    x += weight * ((i % extent.width) + 0.5);
    y += weight * (Math.floor(i / extent.width) + 0.5);
    total += weight;
  }
  return { x: x / total / side, y: y / total / side };
}

/** A wide soft pool: a little brighter and warmer inside, darker and cooler outside, uneven as light in a room is. */
function renderVignette(
  { strength, radius, centre, seed }: VignetteLight,
  tile: ElementTile,
): void {
  const { x, y } = placesOf(tile);
  const { width } = tile.bounds;
  const [red, green, blue] = tile.light;
  for (const [row, py] of y.entries()) {
    for (let column = 0; column < x.length; column++) {
      const px = x[column] as number;
      const i = row * width + column;
      const uneven = 1 + 0.22 * (valueNoise(px * 2.2 + 3, py * 2.2, seed) - 0.5);
      const dx = (px - centre.x) / (radius * 1.15 * uneven);
      const dy = (py - centre.y) / (radius * uneven);
      const shade = smoothstep(0.35, 1.75, Math.sqrt(dx * dx + dy * dy));
      const gain = 1 + strength * (0.16 * (1 - shade) - 0.8 * shade);
      const warm = 0.05 * strength * (1 - 2 * shade);
      red[i] = (red[i] as number) * gain * (1 + warm);
      green[i] = (green[i] as number) * gain;
      (blue as Plane)[i] = (blue[i] as number) * gain * (1 - warm);
    }
  }
}

const vignetteRenderer: ElementRenderer<VignetteLight> = {
  prepare: prepareVignette,
  render: renderVignette,
};

export const vignetteLight = rendered(vignetteRenderer, []);
