import { meanOf, type Plane } from '../../../compositor/planes.ts';
import type { ElementRenderer, LightPlanes, SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import { randomOf } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import type { Light } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import { drawShapes, OPEN, type ShapeList, shapeList } from '../shapes/shapes.ts';
import type { Backdrop } from '../sky/backdrop.ts';
import { noiseTable, octaves2 } from '../sky/gradientNoise.ts';
import { nightBackdrop } from '../sky/nightSky.ts';
import { BACKDROP_MAPS, renderBackdrop } from '../sky/renderBackdrop.ts';
import { shrunkView } from '../sky/shrunkView.ts';
import { longSide } from '../sky/skies.ts';
import { eachSkyPixel, type SkyFrame, skyFrame } from '../sky/skyFrame.ts';
import { type Burst, burstShapes } from './bursts.ts';
import { glowOf } from './glow.ts';

interface Fireworks {
  readonly backdrop: Backdrop;
  readonly stars: ShapeList;
}

function prepareFireworks(
  whole: SceneView,
  { bursts: count = 4, strength = 1 }: Record<string, number>,
  seed: number,
): Fireworks {
  const view = shrunkView(whole);
  const frame = skyFrame(view, 40_000, longSide(whole));
  const bursts = freeBursts(view, frame.horizon, Math.max(1, Math.round(count)), seed);
  const shapes = bursts.flatMap((burst, n) => burstShapes(burst, seed + 71 + n));
  const stars = shapeList(shapes.map((shape) => ({ ...shape, alpha: shape.alpha * strength })));
  const added = lightAround(frame, bursts, stars, seed);
  const mean = added.map(meanOf);
  const most = Math.max(1e-6, ...mean);
  const ground = mean.map((value) => 1 + (0.9 * strength * value) / most) as unknown as Light;
  const look = { added, sky: 1, town: 0.35, ground };
  return { backdrop: nightBackdrop(whole, view, frame, look, seed), stars };
}

/** Where the sky is free, away from each other. */
function freeBursts(
  { extent, maps }: SceneView,
  horizon: number,
  count: number,
  seed: number,
): Burst[] {
  const random = randomOf(seed + 4);
  const side = Math.max(extent.width, extent.height);
  const free = blurred(maps.planes.sky, extent, 0.05).map((value, i) => {
    const y = (Math.floor(i / extent.width) + 0.5) / side;
    return value * (0.3 + 0.7 * Math.exp(-(((y - 0.45 * horizon) / 0.13) ** 2)));
  });
  return Array.from({ length: count }, () => {
    let [best, most] = [0, -1];
    for (const [i, value] of free.entries()) {
      const score = value * (0.6 + 0.4 * random());
      if (score > most) [best, most] = [i, score];
    }
    const place = {
      x: ((best % extent.width) + 0.5) / side,
      y: (Math.floor(best / extent.width) + 0.5) / side,
    };
    const size = 0.55 + 0.7 * random();
    for (const [i, value] of free.entries()) {
      const dx = ((i % extent.width) + 0.5) / side - place.x;
      const dy = (Math.floor(i / extent.width) + 0.5) / side - place.y;
      free[i] = value * (1 - 0.97 * Math.exp(-(dx * dx + dy * dy) / (2 * (0.12 * size) ** 2)));
    }
    return { ...place, size };
  });
}

/** The glow of the bursts, and smoke of the ones before, lit by them. */
function lightAround(
  frame: SkyFrame,
  bursts: readonly Burst[],
  stars: ShapeList,
  seed: number,
): LightPlanes {
  const near = glowOf(stars, frame.extent, 0.012);
  const wide = glowOf(stars, frame.extent, 0.05);
  const table = noiseTable(seed);
  const pixel = 9 / Math.max(frame.extent.width, frame.extent.height);
  const out = near.map((plane) => new Float32Array(plane.length)) as unknown as LightPlanes;
  eachSkyPixel(frame, (i, _, x, y) => {
    let smoke = 0;
    for (const { x: bx, y: by, size } of bursts) {
      const r = Math.hypot((x - bx - 0.05) / 1.5, y - by - 0.02) / (0.085 * size);
      smoke += Math.exp(-r * r);
    }
    const warp = smoke < 0.01 ? 0 : octaves2(table, x * 9, y * 9, 4, 0.55, pixel);
    const drift = octaves2(table, x * 9 + 1.6 * warp, y * 9 + 1.6 * warp + 3, 5, 0.55, pixel);
    const cloud = Math.min(1.3, smoke) * Math.min(1, Math.max(0, 0.35 + 1.9 * drift));
    for (let k = 0; k < 3; k++) {
      const light = (wide[k] as Plane)[i] as number;
      const lens = 0.55 * ((near[k] as Plane)[i] as number) + 0.35 * light;
      (out[k] as Plane)[i] = lens + cloud * (0.01 + 2.2 * light);
    }
  });
  return out;
}

const fireworksRenderer: ElementRenderer<Fireworks> = {
  prepare: prepareFireworks,
  render: ({ backdrop, stars }, tile) =>
    renderBackdrop(backdrop, tile, (sky) => {
      drawShapes(stars, placesOf(tile), sky, { mode: 'add', seen: OPEN });
    }),
};

export const fireworks = rendered(fireworksRenderer, BACKDROP_MAPS, { overFace: 0.6 });
