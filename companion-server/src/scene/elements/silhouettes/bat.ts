import type { Place } from '../light/sceneNumbers.ts';
import type { Stroke } from './bird.ts';

/**
 * A bat seen from far away: arms, three fingers that hold the skin of each wing, and a short body.
 * @param size half of its span in shares of the long side
 */
export function batStrokes(random: () => number, { x, y }: Place, size: number): Stroke[] {
  const up = 0.62 * Math.sin(2 * Math.PI * random());
  const bank = 0.9 * random() - 0.45;
  const yaw = 0.55 + 0.45 * random();
  const [c, s] = [Math.cos(bank), Math.sin(bank)];
  const at = (px: number, py: number): Place => ({
    x: x + size * (px * yaw * c - py * s),
    y: y + size * (px * yaw * s + py * c),
  });
  const tip = -0.05 - 0.65 * up;
  const wrist = -0.3 - 0.32 * up;
  const strokes: Stroke[] = [{ from: at(0, -0.14), to: at(0, 0.16), radius: 0.08 * size }];
  for (const side of [-1, 1] as const) {
    const line = (x0: number, y0: number, x1: number, y1: number, radius: number) =>
      strokes.push({ from: at(side * x0, y0), to: at(side * x1, y1), radius: radius * size });
    line(0.03, -0.06, 0.42, wrist, 0.045);
    line(0.42, wrist, 1, tip, 0.03);
    // The skin between the fingers, thick near the body.
    line(0.08, 0.06, 0.4, wrist + 0.16, 0.15);
    line(0.14, 0.14, 0.44, 0.16 - 0.1 * up, 0.07);
    line(0.42, wrist + 0.12, 0.7, 0.6 * tip + 0.06, 0.1);
    line(0.44, wrist + 0.1, 0.72, 0.55 * tip + 0.2, 0.04);
    line(0.7, 0.65 * tip, 0.86, 0.85 * tip + 0.04, 0.05);
  }
  return strokes;
}
