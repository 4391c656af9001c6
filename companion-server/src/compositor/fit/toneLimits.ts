import type { Extent } from '@emoeditor/shared';
import { COEFFICIENTS, type GradeGrid } from '../gradeGrid.ts';
import { LUMA_BLUE, LUMA_GREEN, LUMA_RED, type Plane } from '../planes.ts';

/** Of a tone's own luma, and of its distance to white, at least this much is left: neither black holes nor bleached paper. */
const DARKEST = 0.25;
const LIGHTEST = 0.3;
/** A place stays at least so light beside what the picture as a whole makes of its tone … */
const OWN_TONE = 0.5;
/** … and of the tones that are darker than it in the photograph: a bright sky may dim, but not below the ground. */
const DARKER_TONES = 0.9;
/** A level with less than this share of the picture is no measure for others. */
const TELLING = 0.01;

/** Pixels of every cell, [height][width][depth][4]: the sums of red, green and blue, and how many. */
export type CellColours = Float64Array;

/** Which colours lie in which cell: the nearest in place and in luma. */
export function cellColours(
  rgb: Float32Array,
  luma: Plane,
  { width, height }: Extent,
  grid: Pick<GradeGrid, 'width' | 'height' | 'depth'>,
): CellColours {
  const pixels = width * height;
  const out = new Float64Array(grid.width * grid.height * grid.depth * 4);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * grid.height) / height) * grid.width;
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const column = row + Math.floor((x * grid.width) / width);
      const level = Math.min(grid.depth - 1, Math.floor((luma[i] as number) * grid.depth));
      const at = (column * grid.depth + level) * 4;
      for (let k = 0; k < 3; k++) {
        out[at + k] = (out[at + k] as number) + (rgb[k * pixels + i] as number);
      }
      out[at + 3] = (out[at + 3] as number) + 1;
    }
  }
  return out;
}

/**
 * Keeps a grade believable as light: no tone is crushed or bleached, and no place falls out of what the picture as a
 * whole does to its tone. Only what goes too far is moved, and never beyond the photograph itself, so a place that the
 * grade leaves alone stays exactly so. Levels of a place keep their order.
 * @returns another grid; the one given is untouched
 */
export function limitTones(grid: GradeGrid, colours: CellColours): GradeGrid {
  const { depth } = grid;
  const coefficients = grid.coefficients.slice();
  const cells = coefficients.length / COEFFICIENTS;
  const before = new Float64Array(cells);
  const after = new Float64Array(cells);
  for (let cell = 0; cell < cells; cell++) tonesOf(grid, colours, cell, before, after);
  const floors = floorsOf(colours, after, depth);
  for (let cell = 0; cell < cells; cell++) {
    const [was, is] = [before[cell] as number, after[cell] as number];
    const low = Math.min(was, Math.max(DARKEST * was, floors[cell % depth] as number));
    const high = 1 - LIGHTEST * (1 - was);
    const wanted = Math.min(Math.max(is, low), Math.max(high, was));
    if (wanted === is) continue;
    for (let k = 9; k < COEFFICIENTS; k++) {
      const at = cell * COEFFICIENTS + k;
      coefficients[at] = (coefficients[at] as number) + wanted - is;
    }
  }
  return { ...grid, coefficients };
}

/** Luma of a cell's mean colour, before and after the grade; grey of its level where it has no pixels. */
function tonesOf(
  { coefficients, depth }: GradeGrid,
  colours: CellColours,
  cell: number,
  before: Float64Array,
  after: Float64Array,
): void {
  const count = colours[cell * 4 + 3] as number;
  const grey = ((cell % depth) + 0.5) / depth;
  const base = cell * COEFFICIENTS;
  const luma = (at: number) =>
    LUMA_RED * (coefficients[at] as number) +
    LUMA_GREEN * (coefficients[at + 1] as number) +
    LUMA_BLUE * (coefficients[at + 2] as number);
  const [red, green, blue] = [0, 1, 2].map((k) =>
    count > 0 ? (colours[cell * 4 + k] as number) / count : grey,
  ) as [number, number, number];
  const was = LUMA_RED * red + LUMA_GREEN * green + LUMA_BLUE * blue;
  before[cell] = was;
  const change = red * luma(base) + green * luma(base + 3) + blue * luma(base + 6) + luma(base + 9);
  after[cell] = was + change;
}

/** For each level how dark a place may become, by what the picture as a whole does. Never falls from level to level. */
function floorsOf(colours: CellColours, after: Float64Array, depth: number): Float64Array {
  const sums = new Float64Array(depth);
  const counts = new Float64Array(depth);
  for (const [cell, luma] of after.entries()) {
    const count = colours[cell * 4 + 3] as number;
    const level = cell % depth;
    sums[level] = (sums[level] as number) + count * luma;
    counts[level] = (counts[level] as number) + count;
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const floors = new Float64Array(depth);
  let darker = 0;
  let floor = 0;
  for (let level = 0; level < depth; level++) {
    const isTelling = (counts[level] as number) >= TELLING * total;
    const mean = isTelling ? (sums[level] as number) / (counts[level] as number) : 0;
    floor = Math.max(floor, OWN_TONE * mean, DARKER_TONES * darker);
    floors[level] = floor;
    // A level is compared with those at least two below: neighbours share their pixels.
    if (level > 0 && (counts[level - 1] as number) >= TELLING * total) {
      darker = Math.max(darker, (sums[level - 1] as number) / (counts[level - 1] as number));
    }
  }
  return floors;
}
