import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, LightPlanes, SceneView } from '../elementRenderer.ts';
import { enlargedTo, valueAt } from '../light/enlarge.ts';
import { randomOf } from '../light/noise.ts';
import { inLongSides, placesOf } from '../light/places.ts';
import { horizonRow, type Light } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import { drawShapes, OPEN, type Shape, type ShapeList, shapeList } from '../shapes/shapes.ts';
import { shrunkView } from '../sky/shrunkView.ts';
import { glowOf } from './glow.ts';

interface Fireflies {
  readonly extent: Extent;
  readonly flies: ShapeList;
  /** Light in the air around them, and on what is near. */
  readonly glow: LightPlanes;
  readonly near: LightPlanes;
}

const COUNT = 90;
/** Two kinds, around 560 nm. */
const YELLOW: Light = [0.92, 0.93, 0.16];
const GREEN: Light = [0.62, 0.95, 0.18];

function prepareFireflies(
  whole: SceneView,
  { amount = 1 }: Record<string, number>,
  seed: number,
): Fireflies {
  const view = shrunkView(whole);
  const { extent, maps } = view;
  const { width, height } = inLongSides(extent);
  const top = Math.min(0.7 * height, Math.max(0.15 * height, horizonRow(view) - 0.08));
  const random = randomOf(seed + 8);
  const shapes: Shape[] = [];
  for (let n = 0; n < COUNT * amount; n++) {
    const x = random() * width;
    const y = top + (height - top) * random() ** 0.8;
    const [z, hue, power, turn, way] = [random() ** 1.6, random(), random(), random(), random()];
    // They fly over the ground near by.
    if (valueAt(maps.planes.sky, extent, x, y) > 0.3) continue;
    if (valueAt(maps.planes.depth, extent, x, y) > 0.75) continue;
    const radius = 0.0009 + 0.0011 * z * z;
    const blur = 0.0022 * Math.max(0, (z - 0.8) / 0.2);
    const trail = 0.004 * way ** 3;
    const [dx, dy] = [
      trail * Math.cos(2 * Math.PI * turn),
      0.6 * trail * Math.sin(2 * Math.PI * turn),
    ];
    const colour = hue < 0.7 ? YELLOW : GREEN;
    const share = radius / (radius + blur);
    const ends = { from: { x, y }, to: { x: x + dx, y: y + dy } };
    const bright = (0.9 + 1.6 * power) * (1 + 1.2 * Math.max(0, (z - 0.72) / 0.28));
    shapes.push(
      {
        ...ends,
        radius: radius + blur,
        edge: 1.4 * (radius + blur),
        colour,
        alpha: bright * share,
      },
      // The core is so bright that it looks nearly white.
      { ...ends, radius: 0.5 * radius, edge: radius, colour: [1, 1, 0.75], alpha: 0.8 * share },
      { ...ends, radius: 0.0035 + blur, edge: 2 * (0.0035 + blur), colour, alpha: 0.07 * bright },
    );
  }
  const flies = shapeList(shapes);
  return { extent, flies, glow: glowOf(flies, extent, 0.012), near: glowOf(flies, extent, 0.045) };
}

function renderFireflies({ extent, flies, glow, near }: Fireflies, tile: ElementTile): void {
  const enlarge = enlargedTo(extent, tile);
  const sky = tile.map('sky');
  for (const [k, plane] of tile.light.entries()) {
    const spread = enlarge(glow[k] as Plane);
    const lit = enlarge(near[k] as Plane);
    for (let i = 0; i < plane.length; i++) {
      const solid = 1 - (sky[i] as number);
      plane[i] =
        (plane[i] as number) * (1 + 22 * solid * (lit[i] as number)) + 0.7 * (spread[i] as number);
    }
  }
  drawShapes(flies, placesOf(tile), tile.light, { mode: 'add', seen: OPEN });
}

const firefliesRenderer: ElementRenderer<Fireflies> = {
  prepare: prepareFireflies,
  render: renderFireflies,
};

export const fireflies = rendered(firefliesRenderer, ['sky'], { overFace: 0, overPerson: 0.3 });
