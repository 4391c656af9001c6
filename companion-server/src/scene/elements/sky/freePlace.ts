import type { SceneView } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';
import type { Place } from '../light/sceneNumbers.ts';

/**
 * The freest place of the sky near an intersection of thirds.
 * @param chance 0 … 1: below a half the left side is preferred
 * @param row preferred height, as a share of the picture's height
 */
export function freePlace({ extent, maps }: SceneView, chance: number, row = 0.22): Place {
  const { width, height } = extent;
  const side = Math.max(width, height);
  const free = blurred(maps.planes.sky, extent, 0.06);
  let [best, most] = [0, -1];
  for (const [i, value] of free.entries()) {
    const u = ((i % width) + 0.5) / width;
    const v = (Math.floor(i / width) + 0.5) / height;
    const third =
      Math.exp(-(((Math.abs(u - 0.5) - 0.19) / 0.12) ** 2)) * Math.exp(-(((v - row) / 0.16) ** 2));
    const score = value ** 2 * (0.02 + third) * (u < 0.5 === chance < 0.5 ? 1 : 0.7);
    if (score > most) [best, most] = [i, score];
  }
  return { x: ((best % width) + 0.5) / side, y: (Math.floor(best / width) + 0.5) / side };
}
