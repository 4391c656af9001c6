import type { WorkingEdit } from './compositor.ts';
import type { EditFit } from './fit/fitEdit.ts';
import { axisSamples, COEFFICIENTS, type GradeGrid, slicePicture } from './gradeGrid.ts';
import { lumaPlane } from './planes.ts';

/** Colours per side of the table: the size that Photoshop and video programs exchange. */
const SIDE = 33;

/** A grade as one colour table (LUT) for the whole picture, and its error against the local grade. */
export interface ColourCube {
  readonly side: number;
  /** [blue][green][red][3] in [0, 1]: red runs fastest, as in a `.cube` file. */
  readonly table: Float32Array;
  /** Difference from the grade on the picture's own pixels, in levels of 255. */
  readonly error: { readonly mean: number; readonly most: number };
}

/** Above either error the grade is too local for one table, e.g. when sky and ground change differently. */
const MEAN_LIMIT = 3;
const MOST_LIMIT = 12;
/** Quantile of the pixel errors that `most` is: single outliers are not visible. */
const MOST_SHARE = 0.95;

/** True when one table replaces the grade without a visible difference. */
export const isGlobalEnough = ({ error }: ColourCube): boolean =>
  error.mean <= MEAN_LIMIT && error.most <= MOST_LIMIT;

/**
 * Averages the grade over the places where each brightness occurs. Content is left out: no table can paint it.
 * @param edit what `fit` was made from, in its space
 * @param intensity 0 to 1.5
 */
export function colourCube(fit: EditFit, edit: WorkingEdit, intensity: number): ColourCube {
  const { source } = edit;
  const table = tableOf(meanTransforms(fit.grade, source, edit), intensity);
  const graded = slicePicture(fit.grade, source, edit.extent);
  return { side: SIDE, table, error: errorOf(table, source, graded, intensity) };
}

/** Mean transform of all pixels per level of luma, [depth][12]. */
function meanTransforms(grid: GradeGrid, source: Float32Array, { extent }: WorkingEdit) {
  const { width, height } = extent;
  const { depth, coefficients } = grid;
  const columns = axisSamples(0, width, width, grid.width);
  const rows = axisSamples(0, height, height, grid.height);
  const luma = lumaPlane(source);
  const sums = new Float64Array(depth * COEFFICIENTS);
  const counts = new Float64Array(depth);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const z = Math.min(depth - 1, Math.floor((luma[y * width + x] as number) * depth));
      const cell = (rows.cell[y] as number) * grid.width + (columns.cell[x] as number);
      const from = (cell * depth + z) * COEFFICIENTS;
      for (let k = 0; k < COEFFICIENTS; k++) {
        const at = z * COEFFICIENTS + k;
        sums[at] = (sums[at] as number) + (coefficients[from + k] as number);
      }
      counts[z] = (counts[z] as number) + 1;
    }
  }
  return { depth, levels: filled(sums, counts) };
}

/** Sums to means; levels of luma without pixels take the transform of the nearest level with some. */
function filled(sums: Float64Array, counts: Float64Array): Float64Array {
  const depth = counts.length;
  const present = Array.from(counts.keys()).filter((level) => (counts[level] as number) > 0);
  return Float64Array.from(sums, (_, at) => {
    const level = Math.floor(at / COEFFICIENTS);
    const nearest = present.reduce(
      (best, other) => (Math.abs(other - level) < Math.abs(best - level) ? other : best),
      present[0] ?? 0,
    );
    const count = Math.max(1, counts[Math.min(depth - 1, nearest)] as number);
    return (sums[nearest * COEFFICIENTS + (at % COEFFICIENTS)] as number) / count;
  });
}

function tableOf(
  { depth, levels }: { readonly depth: number; readonly levels: Float64Array },
  intensity: number,
): Float32Array {
  const table = new Float32Array(SIDE ** 3 * 3);
  for (let node = 0; node < SIDE ** 3; node++) {
    const color = [node % SIDE, Math.floor(node / SIDE) % SIDE, Math.floor(node / SIDE ** 2)].map(
      (index) => index / (SIDE - 1),
    ) as [number, number, number];
    const luma = 0.25 * color[0] + 0.5 * color[1] + 0.25 * color[2];
    const z = Math.min(depth - 1, Math.max(0, luma * depth - 0.5));
    const low = Math.min(Math.max(0, depth - 2), Math.floor(z));
    const high = Math.min(depth - 1, low + 1);
    for (let k = 0; k < 3; k++) {
      let change = 0;
      for (let c = 0; c < 4; c++) {
        const at = c * 3 + k;
        const a = levels[low * COEFFICIENTS + at] as number;
        const b = levels[high * COEFFICIENTS + at] as number;
        change += (a + (z - low) * (b - a)) * (c === 3 ? 1 : (color[c] as number));
      }
      const inside = Math.min(1 - (color[k] as number), Math.max(-(color[k] as number), change));
      table[node * 3 + k] = Math.min(1, Math.max(0, (color[k] as number) + intensity * inside));
    }
  }
  return table;
}

/** What the table, read with trilinear interpolation, misses of source + intensity · (graded − source). */
function errorOf(
  table: Float32Array,
  source: Float32Array,
  graded: Float32Array,
  intensity: number,
): ColourCube['error'] {
  const pixels = source.length / 3;
  const differences = new Float32Array(pixels);
  const out = new Float32Array(3);
  for (let i = 0; i < pixels; i++) {
    const color = [source[i], source[pixels + i], source[2 * pixels + i]] as [
      number,
      number,
      number,
    ];
    lookUp(table, color, out);
    let most = 0;
    for (let k = 0; k < 3; k++) {
      const before = color[k] as number;
      const wanted = before + intensity * ((graded[k * pixels + i] as number) - before);
      most = Math.max(most, Math.abs((out[k] as number) - Math.min(1, Math.max(0, wanted))));
    }
    differences[i] = most * 255;
  }
  const mean = differences.reduce((sum, value) => sum + value, 0) / pixels;
  differences.sort();
  return { mean, most: differences[Math.floor(MOST_SHARE * (pixels - 1))] as number };
}

function lookUp(
  table: Float32Array,
  [red, green, blue]: readonly [number, number, number],
  out: Float32Array,
): void {
  const axis = (value: number) => {
    const position = Math.min(1, Math.max(0, value)) * (SIDE - 1);
    const low = Math.min(SIDE - 2, Math.floor(position));
    return [low, position - low] as const;
  };
  const [[r, fr], [g, fg], [b, fb]] = [axis(red), axis(green), axis(blue)];
  out.fill(0);
  for (let corner = 0; corner < 8; corner++) {
    const [dr, dg, db] = [corner & 1, (corner >> 1) & 1, corner >> 2];
    const weight = (dr ? fr : 1 - fr) * (dg ? fg : 1 - fg) * (db ? fb : 1 - fb);
    const at = (((b + db) * SIDE + g + dg) * SIDE + r + dr) * 3;
    for (let k = 0; k < 3; k++) out[k] = (out[k] as number) + weight * (table[at + k] as number);
  }
}

/**
 * A `.cube` file for a Color Lookup adjustment layer.
 * Source: Cube LUT Specification 1.0 (Adobe, 2013).
 */
export function encodeCube({ side, table }: ColourCube, title: string, profile: string): string {
  const lines = [
    `# Made for pixels in ${profile}.`,
    `TITLE "${title.replaceAll('"', "'")}"`,
    `LUT_3D_SIZE ${side}`,
  ];
  for (let at = 0; at < table.length; at += 3) {
    lines.push([0, 1, 2].map((k) => (table[at + k] as number).toFixed(6)).join(' '));
  }
  return `${lines.join('\n')}\n`;
}
