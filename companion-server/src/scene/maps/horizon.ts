import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../compositor/planes.ts';
import type { ClassPlanes } from './classPlanes.ts';
import type { Horizon } from './sceneMaps.ts';

/** Least share of a column that sky, or ground and water, must take for the column to have a say. */
const LEAST = 0.04;
/** Least share of the columns that must have a say. */
const COLUMNS = 0.3;

/**
 * The horizon, from the maps: where water ends in the distance, else where the ground does. Each column of pixels names
 * a height, and the line through their medians, left and right, is it.
 */
export function findHorizon(classes: ClassPlanes, extent: Extent): Horizon | null {
  const water = farEdges(classes.water, extent);
  if (water.length >= COLUMNS * extent.width) return lineThrough(water, extent);
  const flat = classes.ground.map((value, i) => value + (classes.water[i] as number));
  const ground = farEdges(flat, extent);
  if (ground.length >= COLUMNS * extent.width) return lineThrough(ground, extent);
  return null;
}

type Edge = readonly [x: number, y: number];

/** In each column the upper end of the lowest run of a class. */
function farEdges(plane: Plane, { width, height }: Extent): Edge[] {
  const edges: Edge[] = [];
  for (let x = 0; x < width; x++) {
    let [run, best] = [0, -1];
    for (let y = height - 1; y >= 0; y--) {
      const isIn = (plane[y * width + x] as number) > 0.5;
      if (isIn) {
        run++;
        best = y;
      }
    }
    if (run > LEAST * height) edges.push([x, best]);
  }
  return edges;
}

const MIDDLE = 0.5;

function lineThrough(edges: readonly Edge[], { height }: Extent): Horizon {
  const heights = edges.map(([, y]) => y / height).sort((a, b) => a - b);
  const at = (share: number) => heights[Math.round(share * (heights.length - 1))] as number;
  const middle = at(MIDDLE);
  const spread = at(0.75) - at(0.25);
  return { left: middle, right: middle, confidence: Math.max(0, 1 - spread / 0.2) };
}
