import type { Extent } from '@emoeditor/shared';
import type { ElementRenderer, ElementTile, SceneView } from '../elementRenderer.ts';
import { randomOf } from '../light/noise.ts';
import { inLongSides } from '../light/places.ts';
import type { Light } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import { type Shape, type ShapeList, shapeList } from '../shapes/shapes.ts';
import { shrunkView } from '../sky/shrunkView.ts';
import { type Fall, type Falling, renderFalling } from './fallingAir.ts';
import { weatherOf } from './gusts.ts';

const LAYERS = 7;
const SLANT = 22;

function prepareSnow(
  whole: SceneView,
  { amount = 1 }: Record<string, number>,
  seed: number,
): Falling {
  const view = shrunkView(whole);
  const weather = weatherOf(view, 2.2, 2.2, 0.85, seed);
  const bright = Math.min(0.62, Math.max(0.1, weather.bright));
  const light: Light = [0.97 * bright, bright, 1.05 * bright];
  const fall: Fall = {
    light: light.map((value) => 1.05 * value) as unknown as Light,
    depth: 1.3 * amount,
    veil: 0.66,
    flatten: 0.3 * Math.min(1, amount),
    grey: 0.3,
    tint: [0.88, 0.92, 0.97],
  };
  return { weather, fall, shapes: flakesOf(inLongSides(view.extent), light, amount, seed) };
}

/** Flakes in seven distances, from dust at the horizon to a few out of focus before the lens, drawn out along the fall. */
function flakesOf(
  { width, height }: Extent,
  light: Light,
  amount: number,
  seed: number,
): ShapeList {
  const random = randomOf(seed + 31);
  const shapes: Shape[] = [];
  const slant = (SLANT * (2 * random() - 1) * Math.PI) / 180;
  const share = Math.min(0.9, 0.34 + 0.26 * amount);
  for (let layer = 0; layer < LAYERS; layer++) {
    const g = 2 ** layer / 64;
    const cell = 0.006 + 0.16 * g;
    const count = Math.round(((width * height) / (cell * cell)) * share * (1 - 0.3 * g));
    const isNear = layer >= 5;
    const colour = light.map((value) => value * (isNear ? 1.3 : 1.45)) as unknown as Light;
    const whole = 0.0005 + 0.0075 * g;
    const blur = 0.011 * Math.max(0, g - 0.1) ** 1.2;
    for (let n = 0; n < count; n++) {
      const z = random();
      const radius = whole * (0.35 + z * z);
      const rim = blur * (0.7 + 0.6 * random());
      const size = radius + rim;
      const trail = 0.5 * whole * (1.2 + 2 * g) * (0.4 + 0.9 * random());
      const angle = slant * (0.6 + 0.8 * random()) + 0.5 * (random() - 0.5);
      const [x, y] = [random() * (width + 0.04) - 0.02, random() * (height + 0.04) - 0.02];
      const [dx, dy] = [trail * Math.sin(angle), trail * Math.cos(angle)];
      const kept = (radius / size) ** 1.15 * ((2 * radius) / (2 * radius + 0.8 * trail));
      shapes.push({
        from: { x: x - dx, y: y - dy },
        to: { x: x + dx, y: y + dy },
        radius: size * 0.9,
        edge: 2 * (0.55 * radius + 0.45 * rim),
        colour,
        alpha: kept * (isNear ? 0.5 : 0.9) * (0.45 + 0.55 * random()),
        depth: layer < 4 ? 0.75 * (1 - g ** 0.36) : -1,
      });
    }
  }
  return shapeList(shapes);
}

const renderSnow = (falling: Falling, tile: ElementTile) =>
  renderFalling(falling, tile, (drift, depth) =>
    depth < 0 ? 1 : Math.min(1.15, Math.max(0.3, 0.85 + 0.8 * drift)),
  );

const snowRenderer: ElementRenderer<Falling> = { prepare: prepareSnow, render: renderSnow };

export const snow = rendered(snowRenderer, ['sky', 'depth'], { overFace: 0.2, overPerson: 0.7 });
