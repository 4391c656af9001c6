import type { Place } from '../light/sceneNumbers.ts';
import type { Shape } from '../shapes/shapes.ts';

/** A piece of a silhouette. */
export type Stroke = Pick<Shape, 'from' | 'to' | 'radius'>;

const PIECES = 5;

/**
 * A bird seen from far away: two tapering curved wings, a body and a tail.
 * @param size half of its span in shares of the long side
 * @param heading 1 to the right, −1 to the left
 */
export function birdStrokes(
  random: () => number,
  { x, y }: Place,
  size: number,
  heading: 1 | -1,
): Stroke[] {
  const beat = 0.62 * Math.sin(2 * Math.PI * random());
  const bank = 0.9 * random() - 0.45;
  const yaw = 0.55 + 0.45 * random();
  const [c, s] = [Math.cos(bank), Math.sin(bank)];
  const at = (px: number, py: number): Place => ({
    x: x + size * (px * yaw * c - py * s),
    y: y + size * (px * yaw * s + py * c),
  });
  const strokes: Stroke[] = [];
  for (const side of [-1, 1] as const) {
    let from = at(0, 0);
    for (let n = 1; n <= PIECES; n++) {
      const v = n / PIECES;
      const bend = 2 * (1 - v) * v;
      const to = at(
        side * (bend * 0.42 + v * v),
        bend * 2 * (-0.3 * beat - 0.16) + v * v * (0.1 - 0.72 * beat),
      );
      strokes.push({ from, to, radius: size * (0.125 * (1 - v) + 0.025) });
      from = to;
    }
  }
  const tail = at(-0.16 * heading, 0.03);
  strokes.push(
    { from: tail, to: at(0.22 * heading, -0.01), radius: 0.095 * size },
    { from: tail, to: at(-0.38 * heading, 0.05), radius: 0.05 * size },
  );
  return strokes;
}
