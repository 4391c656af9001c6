import { COEFFICIENTS, type GradeGrid } from '../gradeGrid.ts';
import { LUMA_BLUE, LUMA_GREEN, LUMA_RED } from '../planes.ts';

const LUMA = [LUMA_RED, LUMA_GREEN, LUMA_BLUE] as const;
/** Weight of a cell without pixels, so that it follows its neighbours. */
const NO_PIXELS = 1e-6;

/** Adjacent levels of luma at one place that get the same graded luma. */
interface Block {
  readonly luma: number;
  readonly weight: number;
  readonly levels: number;
}

/**
 * Makes the graded luma monotonic in the source's luma, place by place. A fit that inverts the order shows as a bright
 * outline, e.g. where a darkened sky meets the ground, because every edge contains the luma values in between. A real
 * inversion is content.
 * @param sums Σ w·[r, g, b, 1] of every cell, in the order of the grid
 */
export function keepToneOrder(grid: GradeGrid, sums: Float64Array): void {
  const lumas = new Float64Array(grid.depth);
  const mean = new Float64Array(3);
  const blocks: Block[] = [];
  for (let first = 0; first * 4 < sums.length; first += grid.depth) {
    blocks.length = 0;
    for (let level = 0; level < grid.depth; level++) {
      const cell = first + level;
      const weight = (sums[cell * 4 + 3] as number) + NO_PIXELS;
      meanColour(sums, cell, (level + 0.5) / grid.depth, mean);
      const luma = gradedLuma(grid, cell, mean);
      lumas[level] = luma;
      pool(blocks, { luma, weight, levels: 1 });
    }
    let cell = first;
    for (const { luma, levels } of blocks) {
      for (let i = 0; i < levels; i++, cell++) {
        if (levels > 1) lift(grid, cell, luma - (lumas[cell - first] as number));
      }
    }
  }
}

/** Isotonic regression by pooling adjacent violators (Ayer et al. 1955). */
function pool(blocks: Block[], next: Block): void {
  let last = next;
  let before = blocks.at(-1);
  while (before !== undefined && before.luma > last.luma) {
    blocks.pop();
    const weight = before.weight + last.weight;
    const luma = (before.luma * before.weight + last.luma * last.weight) / weight;
    last = { luma, weight, levels: before.levels + last.levels };
    before = blocks.at(-1);
  }
  blocks.push(last);
}

/** Of a cell's pixels; grey where it has none. */
function meanColour(sums: Float64Array, cell: number, grey: number, out: Float64Array): void {
  const weight = sums[cell * 4 + 3] as number;
  for (let k = 0; k < 3; k++) {
    out[k] = weight > NO_PIXELS ? (sums[cell * 4 + k] as number) / weight : grey;
  }
}

/** Luma of a cell's mean colour after the grade, once luma no longer falls when a channel rises. */
function gradedLuma({ coefficients }: GradeGrid, cell: number, mean: Float64Array): number {
  const base = cell * COEFFICIENTS;
  let luma = 0;
  for (let column = 0; column < 4; column++) {
    const at = base + column * 3;
    const change =
      LUMA_RED * (coefficients[at] as number) +
      LUMA_GREEN * (coefficients[at + 1] as number) +
      LUMA_BLUE * (coefficients[at + 2] as number);
    if (column === 3) return luma + change;
    const value = mean[column] as number;
    const response = (LUMA[column] as number) + change;
    luma += response * value;
    if (response >= 0) continue;
    // Keep the graded mean colour: the constant compensates for the change of slope.
    for (let k = 0; k < 3; k++) {
      coefficients[at + k] = (coefficients[at + k] as number) - response;
      coefficients[base + 9 + k] = (coefficients[base + 9 + k] as number) + response * value;
    }
    luma -= response * value;
  }
  return luma;
}

function lift({ coefficients }: GradeGrid, cell: number, change: number): void {
  const at = cell * COEFFICIENTS + 9;
  for (let k = at; k < at + 3; k++) coefficients[k] = (coefficients[k] as number) + change;
}
