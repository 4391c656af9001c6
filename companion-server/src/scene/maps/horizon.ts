import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../compositor/planes.ts';
import type { ClassPlanes } from './classPlanes.ts';
import { HORIZON_WEIGHTS } from './horizonWeights.ts';
import type { Horizon } from './sceneMaps.ts';

/** Rows that a picture's height is divided into. */
const ROWS = 80;
/** Rows above and below a border that are looked at. */
const WINDOWS = [2, 6, 20] as const;
const CLASSES = ['sky', 'ground', 'water', 'vegetation', 'building'] as const;
const [SKY, GROUND, WATER, VEGETATION, BUILDING] = [0, 1, 2, 3, 4] as const;
/** Classes that meet at a row: the one above, the one below. */
const MEETING = [
  [SKY, WATER],
  [SKY, GROUND],
  [VEGETATION, WATER],
  [GROUND, WATER],
  [VEGETATION, GROUND],
  [BUILDING, GROUND],
  [SKY, VEGETATION],
  [BUILDING, WATER],
] as const;
/** Rows around the best one that belong to the same answer. */
const NEAR = 2;

/**
 * The horizon, a level line, from how much of each row the classes take. Every row has a score, and so has “none can be
 * told”; the confidence is the share of the rows around the best one. Weights, and the same in NumPy:
 * training/scene_maps/horizon.py.
 * @returns null where none is likelier than that row
 */
export function findHorizon(classes: ClassPlanes, extent: Extent): Horizon | null {
  const profiles = CLASSES.map((name) => profile(classes[name], extent));
  const sums = profiles.map(runningSums);
  const scores = Array.from({ length: ROWS }, (_, row) =>
    dot(HORIZON_WEIGHTS.row, cues(sums, row)),
  );
  const shares = sums.map((sum) => (sum[ROWS] as number) / ROWS);
  const none =
    dot(HORIZON_WEIGHTS.none, [...shares, ...shares.map((share) => share * share)]) +
    HORIZON_WEIGHTS.bias;
  const highest = Math.max(none, ...scores);
  const likely = scores.map((score) => Math.exp(score - highest));
  const total = likely.reduce((sum, value) => sum + value, Math.exp(none - highest));
  const best = likely.indexOf(Math.max(...likely));
  let [near, moment] = [0, 0];
  for (let row = Math.max(0, best - NEAR); row <= Math.min(ROWS - 1, best + NEAR); row++) {
    near += likely[row] as number;
    moment += row * (likely[row] as number);
  }
  if (Math.exp(none - highest) > near) return null;
  const height = moment / near / ROWS;
  return { left: height, right: height, confidence: near / total };
}

/** Share of each of ROWS rows that a class takes. */
function profile(plane: Plane, { width, height }: Extent): Float64Array {
  const rows = new Float64Array(ROWS);
  for (let y = 0; y < height; y++) {
    let sum = 0;
    for (let x = 0; x < width; x++) sum += plane[y * width + x] as number;
    const [from, to] = [(y * ROWS) / height, ((y + 1) * ROWS) / height];
    for (let row = Math.floor(from); row < Math.min(ROWS, to); row++) {
      const part = Math.min(to, row + 1) - Math.max(from, row);
      rows[row] = (rows[row] as number) + (part * sum) / width;
    }
  }
  return rows;
}

function runningSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (const [i, value] of values.entries()) sums[i + 1] = (sums[i] as number) + value;
  return sums;
}

/** What lies just above and below the upper border of a row, in all below and above, and what meets there. */
function cues(sums: readonly Float64Array[], row: number): number[] {
  const mean = (sum: Float64Array, from: number, to: number) =>
    ((sum[to] as number) - (sum[from] as number)) / Math.max(1, to - from);
  const windows = WINDOWS.flatMap((window) => {
    const [first, last] = [Math.max(0, row - window), Math.min(ROWS, row + window)];
    return [
      sums.map((sum) => mean(sum, first, row)),
      sums.map((sum) => mean(sum, row, last)),
    ] as const;
  });
  const [above, below] = windows as unknown as readonly [readonly number[], readonly number[]];
  return [
    ...windows.flat(),
    ...sums.map((sum) => ((sum[ROWS] as number) - (sum[row] as number)) / ROWS),
    ...sums.map((sum) => (sum[row] as number) / ROWS),
    ...MEETING.map(([over, under]) => (above[over] as number) * (below[under] as number)),
    row / ROWS,
    (row / ROWS) ** 2,
  ];
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
