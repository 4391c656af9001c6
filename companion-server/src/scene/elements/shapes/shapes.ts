import type { Plane } from '../../../compositor/planes.ts';
import type { LightPlanes } from '../elementRenderer.ts';
import type { Places } from '../light/places.ts';
import type { Light, Place } from '../light/sceneNumbers.ts';

/** A round stroke: a point when both ends are the same. Lengths are shares of the long side. */
export interface Shape {
  readonly from: Place;
  readonly to: Place;
  readonly radius: number;
  /** Width of its soft rim; never below a pixel. */
  readonly edge: number;
  readonly colour: Light;
  /** How opaque it is, or how bright where light is added. */
  readonly alpha: number;
  /** Distance 0 near … 1 far, as in the map of depth; what is nearer hides it. */
  readonly depth?: number;
  /** How much fainter it is where it begins, 0 … 1. */
  readonly fade?: number;
}

/** Shapes as a row of numbers: they can be sent to another thread, and are walked through quickly. */
export type ShapeList = Float32Array;
const STRIDE = 12;

export function shapeList(shapes: readonly Shape[]): ShapeList {
  const out = new Float32Array(shapes.length * STRIDE);
  for (const [
    n,
    { from, to, radius, edge, colour, alpha, depth = -1, fade = 0 },
  ] of shapes.entries()) {
    out.set([from.x, from.y, to.x, to.y, radius, edge, ...colour, alpha, depth, fade], n * STRIDE);
  }
  return out;
}

export interface Drawing {
  /** Whether light is added, or what is behind is covered. */
  readonly mode: 'add' | 'over';
  /** Share of a shape that is seen at a pixel. */
  readonly seen: (i: number, depth: number) => number;
}

/** Draws shapes in the order of the list on a part of the picture. @returns whether any reaches it */
export function drawShapes(
  shapes: ShapeList,
  places: Places,
  light: LightPlanes,
  drawing: Drawing,
): boolean {
  const { x, y, side } = places;
  const pixel = 1 / side;
  const [left, top] = [x[0] as number, y[0] as number];
  const [right, bottom] = [x[x.length - 1] as number, y[y.length - 1] as number];
  let isDrawn = false;
  for (let at = 0; at < shapes.length; at += STRIDE) {
    const y0 = shapes[at + 1] as number;
    const y1 = shapes[at + 3] as number;
    const radius = shapes[at + 4] as number;
    const edge = shapes[at + 5] as number;
    const reach = Math.max(radius, 0.6 * pixel) + 0.5 * Math.max(edge, pixel);
    if ((y0 < y1 ? y0 : y1) - reach > bottom || (y0 > y1 ? y0 : y1) + reach < top) continue;
    const x0 = shapes[at] as number;
    const x1 = shapes[at + 2] as number;
    if ((x0 < x1 ? x0 : x1) - reach > right || (x0 > x1 ? x0 : x1) + reach < left) continue;
    isDrawn = true;
    drawShape(shapes, at, reach, places, light, drawing);
  }
  return isDrawn;
}

function drawShape(
  shapes: ShapeList,
  at: number,
  reach: number,
  { x, y, side }: Places,
  [red, green, blue]: LightPlanes,
  { mode, seen }: Drawing,
): void {
  const x0 = shapes[at] as number;
  const y0 = shapes[at + 1] as number;
  const ex = (shapes[at + 2] as number) - x0;
  const ey = (shapes[at + 3] as number) - y0;
  const radius = shapes[at + 4] as number;
  const [r, g, b] = [shapes[at + 6] as number, shapes[at + 7] as number, shapes[at + 8] as number];
  const depth = shapes[at + 10] as number;
  const fade = shapes[at + 11] as number;
  const shown = Math.max(radius, 0.6 / side);
  const soft = Math.max(shapes[at + 5] as number, 1 / side);
  const length = ex * ex + ey * ey;
  // A shape thinner than a pixel is drawn wider and fainter by the same factor: its total light stays the same.
  const thin = radius / shown;
  const alpha = (shapes[at + 9] as number) * (length > shown * shown ? thin : thin * thin);
  const [left, top] = [x[0] as number, y[0] as number];
  const column0 = Math.max(0, Math.ceil((Math.min(x0, x0 + ex) - reach - left) * side));
  const column1 = Math.min(x.length - 1, Math.floor((Math.max(x0, x0 + ex) + reach - left) * side));
  const row0 = Math.max(0, Math.ceil((Math.min(y0, y0 + ey) - reach - top) * side));
  const row1 = Math.min(y.length - 1, Math.floor((Math.max(y0, y0 + ey) + reach - top) * side));
  for (let row = row0; row <= row1; row++) {
    const py = (y[row] as number) - y0;
    for (let column = column0; column <= column1; column++) {
      const px = (x[column] as number) - x0;
      let t = length > 0 ? (px * ex + py * ey) / length : 0;
      t = t < 0 ? 0 : t > 1 ? 1 : t;
      const dx = px - t * ex;
      const dy = py - t * ey;
      let v = (shown + 0.5 * soft - Math.sqrt(dx * dx + dy * dy)) / soft;
      if (v <= 0) continue;
      v = v > 1 ? 1 : v * v * (3 - 2 * v);
      const i = row * x.length + column;
      const amount = v * alpha * (1 - fade * (1 - t)) * seen(i, depth);
      if (amount <= 0) continue;
      const kept = mode === 'over' ? 1 - amount : 1;
      red[i] = (red[i] as number) * kept + amount * r;
      green[i] = (green[i] as number) * kept + amount * g;
      blue[i] = (blue[i] as number) * kept + amount * b;
    }
  }
}

/** Nothing hides the shapes. */
export const OPEN = () => 1;

/** Behind what is nearer by the maps of depth and of the sky. @param soft half of the range in which it is half hidden */
export function behindDepth(depth: Plane, sky: Plane, soft = 0.15): Drawing['seen'] {
  return (i, z) => {
    if (z < 0) return 1;
    const d = depth[i] as number;
    const s = sky[i] as number;
    const t = ((s > d ? s : d) - z + soft) / (2 * soft);
    if (t >= 1) return 1;
    return t <= 0 ? 0 : t * t * (3 - 2 * t);
  };
}
