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

const LAYERS = 6;
/** How opaque the streaks of each layer are, from the farthest to the nearest. */
const OPACITY = [0.6, 0.58, 0.54, 0.5, 0.44, 0.36] as const;
/** Angle of the fall in degrees, at most. */
const SLANT = 13;

function prepareRain(
  whole: SceneView,
  { amount = 1 }: Record<string, number>,
  seed: number,
): Falling {
  const view = shrunkView(whole);
  const weather = weatherOf(view, 3, 0.8, 0.8, seed);
  const bright = Math.min(0.55, Math.max(0.06, weather.bright));
  const light: Light = [0.93 * bright, bright, 1.06 * bright];
  const fall: Fall = {
    light: light.map((value) => 0.95 * value) as unknown as Light,
    depth: 1.05 * amount,
    veil: 0.62,
    flatten: 0.35 * Math.min(1, amount),
    grey: 0.28,
    tint: [0.72, 0.76, 0.8],
  };
  return { weather, fall, shapes: streaksOf(inLongSides(view.extent), light, amount, seed) };
}

/**
 * Streaks of an exposure in six distances: near ones long, wide, blurred and few. They show the sky, so that they lighten
 * what is dark and nearly vanish before it.
 */
function streaksOf(
  { width, height }: Extent,
  light: Light,
  amount: number,
  seed: number,
): ShapeList {
  const random = randomOf(seed + 17);
  const shapes: Shape[] = [];
  const colour = light.map((value) => 1.8 * value) as unknown as Light;
  const slant = (SLANT * (2 * random() - 1) * Math.PI) / 180;
  const share = Math.min(0.95, 0.42 + 0.3 * amount);
  for (let layer = 0; layer < LAYERS; layer++) {
    const g = 2 ** layer / 32;
    const cell = (0.0045 + 0.11 * g) * (0.022 + 0.42 * g);
    const count = Math.round(((width * (height + 0.3)) / cell) * share * (1 - 0.35 * g));
    const opacity = 1.05 * (OPACITY[layer] as number) * Math.sqrt(amount);
    const blur = 0.0022 * Math.max(0, g - 0.2) ** 1.3;
    const angle = slant * (0.85 + 0.3 * random());
    const depth = layer < 4 ? 0.9 * (1 - g ** 0.45) : -1;
    for (let n = 0; n < count; n++) {
      const bright = random();
      const length = 0.5 * (0.012 + 0.3 * g) * (0.55 + 0.9 * random());
      const lean = angle + 0.03 * (random() - 0.5);
      const [x, y] = [random() * (width + 0.1) - 0.05, random() * (height + 0.3) - 0.15];
      const [dx, dy] = [length * Math.sin(lean), length * Math.cos(lean)];
      const half = 1.3 * (0.0002 + 0.0011 * g);
      shapes.push({
        from: { x: x - dx, y: y - dy },
        to: { x: x + dx, y: y + dy },
        radius: 0.6 * half + 0.4 * blur,
        edge: 1.2 * half + 1.6 * blur,
        colour,
        alpha: opacity * (0.3 + 0.7 * bright * bright) * (half / (half + blur)),
        depth,
        fade: 0.8,
      });
    }
  }
  return shapeList(shapes);
}

const renderRain = (falling: Falling, tile: ElementTile) =>
  renderFalling(falling, tile, (drift) => Math.min(1.4, Math.max(0.25, 0.75 + 0.9 * drift)));

const rainRenderer: ElementRenderer<Falling> = { prepare: prepareRain, render: renderRain };

export const rain = rendered(rainRenderer, ['sky', 'depth'], { overFace: 0.3, overPerson: 0.75 });
