import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, LightPlanes, SceneView } from '../elementRenderer.ts';
import { enlargedTo } from '../light/enlarge.ts';
import { randomOf } from '../light/noise.ts';
import { inLongSides, placesOf } from '../light/places.ts';
import type { Light } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import {
  behindDepth,
  drawShapes,
  type Shape,
  type ShapeList,
  shapeList,
} from '../shapes/shapes.ts';
import { type NoiseTable, noiseTable, octaves2 } from '../sky/gradientNoise.ts';
import { shrunkView } from '../sky/shrunkView.ts';
import { blackBody } from './blackBody.ts';
import { glowOf } from './glow.ts';

interface Embers {
  readonly extent: Extent;
  readonly sparks: ShapeList;
  readonly glow: LightPlanes;
  /** Place of the fire below the picture, and how strongly it lights the scene. */
  readonly x: number;
  readonly y: number;
  readonly shine: number;
}

const FIRE: Light = [1, 0.36, 0.09];
const COUNT = 300;
const PIECES = 5;

/** Sparks that rise from a fire below the picture, drift in its turbulence and cool with height. */
function prepareEmbers(
  whole: SceneView,
  { amount = 1 }: Record<string, number>,
  seed: number,
): Embers {
  const { extent } = shrunkView(whole);
  const { width, height } = inLongSides(extent);
  const random = randomOf(seed + 3);
  const table = noiseTable(seed);
  const x = width * (0.3 + 0.4 * random());
  const y = 1.05 * height;
  const shapes: Shape[] = [];
  for (let n = 0; n < COUNT * amount; n++) {
    const u = random();
    const spread = (random() + random() + random() - 1.5) * 0.75 * (0.35 + 0.75 * u);
    const start = { x: x + spread * width, y: y - 1.15 * u ** 0.75 * height };
    for (const shape of spark(table, random, start, u)) shapes.push(shape);
  }
  const sparks = shapeList(shapes);
  return { extent, sparks, glow: glowOf(sparks, extent, 0.014), x, y, shine: 0.9 * amount };
}

/** The path of one spark during the exposure. @param u how high it has come, 0 … 1 */
function spark(
  table: NoiseTable,
  random: () => number,
  start: { x: number; y: number },
  u: number,
): Shape[] {
  const kelvin = 2250 - 900 * u ** 0.7 - 220 + 370 * random();
  const isNear = random() < 0.06;
  const radius = (0.0003 + 0.001 * random() ** 3) * (isNear ? 1.3 : 1);
  const blur = isNear ? 0.0006 + 0.0018 * random() : 0;
  const step = (0.0008 + 0.0042 * random()) * (isNear ? 0.7 : 1);
  const power = (kelvin / 2150) ** 5.5 * (0.5 + 1.1 * random()) * (isNear ? 2.2 : 3.2);
  const depth = isNear ? -1 : 0.1 + 0.5 * random();
  const colour = blackBody(Math.max(1000, kelvin));
  const shapes: Shape[] = [];
  let from = start;
  for (let n = 0; n < PIECES; n++) {
    const [fx, fy] = flow(table, from.x, from.y);
    const to = {
      x: from.x + step * (0.55 * fx + 0.1),
      y: from.y + step * (-0.75 + 0.45 * fy),
    };
    shapes.push({
      from,
      to,
      radius: radius + blur,
      edge: 0.5 * radius + 0.6 * blur,
      colour,
      alpha: power * (0.5 + 0.1 * n) * (radius / (radius + blur)),
      depth,
    });
    from = to;
  }
  return shapes;
}

/** Curl of a noise: turbulence without sources (Bridson et al. 2007). */
function flow(table: NoiseTable, x: number, y: number): readonly [number, number] {
  const e = 0.01;
  const at = (px: number, py: number) => octaves2(table, px * 2.6, py * 2.6, 3, 0.5, 0);
  return [(at(x, y + e) - at(x, y - e)) / (2 * e), (at(x - e, y) - at(x + e, y)) / (2 * e)];
}

function renderEmbers({ extent, sparks, glow, x, y, shine }: Embers, tile: ElementTile): void {
  const places = placesOf(tile);
  const enlarge = enlargedTo(extent, tile);
  const sky = tile.map('sky');
  for (const [k, plane] of tile.light.entries()) {
    const spread = enlarge(glow[k] as Plane);
    const fire = shine * (FIRE[k] as number);
    for (const [row, py] of places.y.entries()) {
      const dy = (py - y) / 0.45;
      for (const [column, px] of places.x.entries()) {
        const dx = (px - x) / 0.45;
        const i = row * places.x.length + column;
        const lit = fire * Math.exp(-dx * dx - dy * dy) * (1 - 0.7 * (sky[i] as number));
        plane[i] = (plane[i] as number) * (1 + lit) + 0.012 * lit + 0.6 * (spread[i] as number);
      }
    }
  }
  const seen = behindDepth(tile.map('depth'), sky);
  drawShapes(sparks, places, tile.light, { mode: 'add', seen });
}

const embersRenderer: ElementRenderer<Embers> = { prepare: prepareEmbers, render: renderEmbers };

export const embers = rendered(embersRenderer, ['sky', 'depth'], {
  overFace: 0.1,
  overPerson: 0.5,
});
