import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../../compositor/planes.ts';
import type { ElementRenderer, ElementTile, LightPlanes, SceneView } from '../elementRenderer.ts';
import { blurred, blurredLight } from '../light/blur.ts';
import { valueAt } from '../light/enlarge.ts';
import { randomOf } from '../light/noise.ts';
import { placesOf } from '../light/places.ts';
import { horizonRow, type Light, type Place } from '../light/sceneNumbers.ts';
import { rendered } from '../renderedElement.ts';
import { drawShapes, type Shape, type ShapeList, shapeList } from '../shapes/shapes.ts';
import { shrunkView } from '../sky/shrunkView.ts';
import { batStrokes } from './bat.ts';
import { birdStrokes, type Stroke } from './bird.ts';

interface Flock {
  readonly strokes: ShapeList;
}

/** Count, half span, reflected share of the sky's light, and opacity that the haze leaves. */
interface Kind {
  readonly count: number;
  readonly size: number;
  readonly dark: number;
  readonly opaque: number;
  readonly strokes: (random: () => number, at: Place, size: number, heading: 1 | -1) => Stroke[];
}

const BIRDS: Kind = { count: 28, size: 1, dark: 0.13, opaque: 0.9, strokes: birdStrokes };
const BATS: Kind = { count: 15, size: 1.5, dark: 0.06, opaque: 0.95, strokes: batStrokes };

/** A loose flock far away, denser in the middle, with wings in all phases of their beat. */
function prepareFlock(kind: Kind, whole: SceneView, amount: number, seed: number): Flock {
  const view = shrunkView(whole);
  const { extent, maps } = view;
  const local = blurredLight(view.light, extent, 0.02);
  const random = randomOf(seed + 33);
  const centre = middleOfSky(view, random);
  const lean = 0.7 * random() - 0.35;
  const heading = random() < 0.5 ? 1 : -1;
  const shapes: Shape[] = [];
  for (let n = 0; n < kind.count * amount; n++) {
    const t = (random() + random() + random() - 1.5) / 0.75;
    const u = random() + random() - 1;
    const x = centre.x + 0.16 * t;
    const y = centre.y + 0.16 * t * lean + 0.075 * u;
    const size = kind.size * (0.0042 + 0.0075 * random() ** 2.2);
    const strokes = kind.strokes(random, { x, y }, size, heading);
    if (!isInside(x, y, extent) || valueAt(maps.planes.sky, extent, x, y) < 0.6) continue;
    const colour = local.map(
      (plane) => 0.003 + kind.dark * valueAt(plane, extent, x, y),
    ) as unknown as Light;
    for (const stroke of strokes) {
      shapes.push({ ...stroke, edge: 0.5 * stroke.radius, colour, alpha: kind.opaque });
    }
  }
  return { strokes: shapeList(shapes) };
}

function isInside(x: number, y: number, { width, height }: Extent): boolean {
  const side = Math.max(width, height);
  return x > 0 && y > 0 && x < width / side && y < height / side;
}

/** Where the sky is widest, above the horizon. */
function middleOfSky(view: SceneView, random: () => number): Place {
  const { extent, maps } = view;
  const side = Math.max(extent.width, extent.height);
  const row = 0.62 * horizonRow(view);
  const free: Plane = blurred(maps.planes.sky, extent, 0.07);
  const away = 0.12 * (2 * random() - 1);
  let [best, most] = [0, -1];
  for (const [i, value] of free.entries()) {
    const x = ((i % extent.width) + 0.5) / side - extent.width / side / 2 - away;
    const y = (Math.floor(i / extent.width) + 0.5) / side - row;
    const score = value * Math.exp(-((y / 0.15) ** 2)) * Math.exp(-((x / 0.5) ** 2));
    if (score > most) [best, most] = [i, score];
  }
  return {
    x: ((best % extent.width) + 0.5) / side,
    y: (Math.floor(best / extent.width) + 0.5) / side,
  };
}

function renderFlock({ strokes }: Flock, tile: ElementTile): void {
  const sky = tile.map('sky');
  drawShapes(strokes, placesOf(tile), tile.light as LightPlanes, {
    mode: 'over',
    seen: (i) => sky[i] as number,
  });
}

function flock(kind: Kind) {
  const renderer: ElementRenderer<Flock> = {
    prepare: (view, { amount = 1 }, seed) => prepareFlock(kind, view, amount, seed),
    render: renderFlock,
  };
  return rendered(renderer, ['sky'], { overFace: 0, overPerson: 0 });
}

export const birds = flock(BIRDS);
export const bats = flock(BATS);
