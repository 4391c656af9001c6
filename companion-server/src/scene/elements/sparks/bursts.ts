import { randomOf } from '../light/noise.ts';
import type { Light, Place } from '../light/sceneNumbers.ts';
import type { Shape } from '../shapes/shapes.ts';

/** A burst of a firework; its place in shares of the long side. */
export interface Burst extends Place {
  readonly size: number;
}

const COLOURS: readonly Light[] = [
  [1, 0.3, 0.1],
  [1, 0.72, 0.3],
  [0.35, 0.55, 1],
  [0.95, 0.25, 0.55],
  [0.45, 1, 0.45],
  [1, 0.85, 0.62],
];
const RADIUS = 0.11;
const PIECES = 14;
/** Air slows the stars down: share of the way after a time of 1. */
const DRAG = 2.2;

/**
 * Paths of the stars of a burst during the exposure: thrown out evenly over a sphere, slowed by the air, falling; white-hot
 * first, then coloured, thinner and dimmer towards their ends.
 */
export function burstShapes({ x, y, size }: Burst, seed: number): Shape[] {
  const random = randomOf(seed);
  const pick = () => COLOURS[Math.floor(random() * COLOURS.length)] as Light;
  const base = pick();
  const tip = random() < 0.4 ? pick() : base;
  const isWillow = random() < 0.3;
  const radius = RADIUS * size * (0.8 + 0.4 * random());
  const shapes: Shape[] = [];
  for (let n = 0; n < 70 + 60 * random(); n++) {
    const z = 2 * random() - 1;
    const angle = 2 * Math.PI * random();
    const speed = 0.86 + 0.2 * random();
    const across = Math.sqrt(1 - z * z) * Math.cos(angle) * speed;
    const begin = 0.1 + 0.2 * random();
    const end = (0.8 + 0.35 * random()) * (isWillow ? 1.5 : 1);
    const at = (share: number): Place => {
      const t = begin + (end - begin) * share;
      const way = (1 - Math.exp(-DRAG * t)) / (1 - Math.exp(-DRAG));
      const fall = (isWillow ? 0.34 : 0.2) * t * t;
      return { x: x + radius * across * way, y: y + radius * (z * speed * way + fall) };
    };
    for (let piece = 1; piece <= PIECES; piece++) {
      const f = piece / PIECES;
      const hot = Math.exp(-(((f - 0.35) / 0.3) ** 2));
      const crackle = isWillow ? 0.6 + 0.7 * Math.abs(Math.sin(37 * f + n)) : 1;
      shapes.push({
        from: at((piece - 1) / PIECES),
        to: at(f),
        radius: 0.00055 * size * (1.25 - 0.7 * f),
        edge: 0.0004 * size,
        colour: base.map(
          (value, k) => (value * (1 - f) + (tip[k] as number) * f) * (1 - 0.3 * hot) + 0.3 * hot,
        ) as unknown as Light,
        alpha: 1.05 * (0.35 + 1.6 * hot) * (1 - f) ** 0.6 * crackle,
      });
    }
  }
  return shapes;
}
