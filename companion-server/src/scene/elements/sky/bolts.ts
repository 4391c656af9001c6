import type { Plane } from '../../../compositor/planes.ts';
import type { Places } from '../light/places.ts';
import type { Place } from '../light/sceneNumbers.ts';

/** Numbers of a piece of a bolt: both ends in shares of the long side, relative width, light. */
export const STRIDE = 6;
/** Half width of a main channel as a share of the long side. */
const CORE = 0.00105;
const ROUGH = 0.19;
const DEPTH = 8;
const FORKS = 3;

/** A channel by midpoint displacement, with forks at 14° to 42° that are shorter, thinner and fainter. */
export function bolt(random: () => number, start: Place, end: Place, level = 0): number[] {
  const depth = Math.max(4, DEPTH - 2 * level);
  const points = displaced(random, start, end, ROUGH * 1.15 ** level, depth);
  const rows: number[] = [];
  const pieces = points.length - 1;
  for (let i = 0; i < pieces; i++) {
    const t = i / pieces;
    const [a, b] = [points[i] as Place, points[i + 1] as Place];
    const width = (1 - 0.45 * t) * 0.62 ** level;
    const light = 0.55 ** level * (1 - (level > 0 ? 0.75 : 0.15) * t);
    rows.push(a.x, a.y, b.x, b.y, width, light);
    const chance = (0.3 * 0.8 ** level * 22 * (1 - t)) / pieces;
    if (level >= FORKS || random() >= chance || t <= 0.08) continue;
    const angle = ((14 + 28 * random()) * Math.PI * (random() < 0.5 ? 1 : -1)) / 180;
    const share = 0.25 + 0.35 * random();
    const [dx, dy] = [end.x - a.x, end.y - a.y];
    const fork = {
      x: a.x + share * (Math.cos(angle) * dx - Math.sin(angle) * dy),
      y: a.y + share * (Math.sin(angle) * dx + Math.cos(angle) * dy),
    };
    for (const value of bolt(random, a, fork, level + 1)) rows.push(value);
  }
  return rows;
}

function displaced(
  random: () => number,
  start: Place,
  end: Place,
  rough: number,
  depth: number,
): Place[] {
  let points = [start, end];
  let scale = rough;
  for (let n = 0; n < depth; n++) {
    const next: Place[] = [start];
    for (let i = 0; i + 1 < points.length; i++) {
      const [a, b] = [points[i] as Place, points[i + 1] as Place];
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const [aside, along] = [scale * (2 * random() - 1), 0.08 * (2 * random() - 1)];
      const x = 0.5 * (a.x + b.x) - aside * dy + along * dx;
      next.push({ x, y: 0.5 * (a.y + b.y) + aside * dx + along * dy }, b);
    }
    points = next;
    scale *= 0.93;
  }
  return points;
}

/**
 * Raises each pixel to the greatest light of the pieces that cover it. A piece thinner than a pixel is drawn fainter,
 * not wider.
 * @param out raised
 * @returns whether anything was drawn
 */
export function drawBolts(bolts: Float32Array, { x, y, side }: Places, out: Plane): boolean {
  const [left, top] = [x[0] as number, y[0] as number];
  const [right, bottom] = [x[x.length - 1] as number, y[y.length - 1] as number];
  let isDrawn = false;
  for (let at = 0; at < bolts.length; at += STRIDE) {
    const [x0, y0, x1, y1, wide, light] = bolts.subarray(at, at + STRIDE) as unknown as readonly [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const s = Math.max(CORE * wide, 0.55 / side);
    const gain = light * Math.min(1, (CORE * wide) / s);
    const reach = 4 * s;
    if (Math.max(x0, x1) < left - reach || Math.min(x0, x1) > right + reach) continue;
    if (Math.max(y0, y1) < top - reach || Math.min(y0, y1) > bottom + reach) continue;
    isDrawn = true;
    const [ex, ey] = [x1 - x0, y1 - y0];
    const norm = ex * ex + ey * ey + 1e-12;
    const from = Math.max(0, Math.ceil((Math.min(x0, x1) - reach - left) * side));
    const to = Math.min(x.length - 1, Math.floor((Math.max(x0, x1) + reach - left) * side));
    const first = Math.max(0, Math.ceil((Math.min(y0, y1) - reach - top) * side));
    const last = Math.min(y.length - 1, Math.floor((Math.max(y0, y1) + reach - top) * side));
    for (let row = first; row <= last; row++) {
      const py = (y[row] as number) - y0;
      for (let column = from; column <= to; column++) {
        const px = (x[column] as number) - x0;
        const t = Math.min(1, Math.max(0, (px * ex + py * ey) / norm));
        const [dx, dy] = [px - t * ex, py - t * ey];
        const value = gain * Math.exp(-(dx * dx + dy * dy) / (2 * s * s));
        const i = row * x.length + column;
        if (value > (out[i] as number) && value > 1e-3) out[i] = value;
      }
    }
  }
  return isDrawn;
}
