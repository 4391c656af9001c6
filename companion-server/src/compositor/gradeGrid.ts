import type { Extent } from '@emoeditor/shared';
import { lumaPlane } from './planes.ts';

/**
 * A bilateral grid of affine colour changes: `delta = M·[r, g, b, 1]`, to be added to the colour.
 * Storing the change instead of the result makes "no edit" exactly zero.
 */
export interface GradeGrid {
  readonly width: number;
  readonly height: number;
  /** Levels of luma. */
  readonly depth: number;
  /** [height][width][depth][12]: four columns (red, green, blue, constant) of three rows (the change of r, g, b). */
  readonly coefficients: Float32Array;
}

export const COEFFICIENTS = 12;

/** Floats of one transform in the kernels: the columns are padded from three to four. */
export const TRANSFORM_FLOATS = 16;

/** Three rows of four columns → four columns of four lanes. */
export function paddedTransforms(coefficients: Float32Array): Float32Array {
  const cells = coefficients.length / COEFFICIENTS;
  const out = new Float32Array(cells * TRANSFORM_FLOATS);
  for (let cell = 0; cell < cells; cell++) {
    for (let column = 0; column < 4; column++) {
      for (let k = 0; k < 3; k++) {
        out[cell * TRANSFORM_FLOATS + column * 4 + k] = coefficients[
          cell * COEFFICIENTS + column * 3 + k
        ] as number;
      }
    }
  }
  return out;
}

/** Where a sample lies on one axis of the grid, cell centres at +0.5, clamped to the outer centres. */
export interface AxisSample {
  readonly cell: Int32Array;
  readonly fraction: Float64Array;
}

/** Samples `first … first+count` of `length` positions, spread over `cells`. `cell` is at most cells − 2 if there are two. */
export function axisSamples(
  first: number,
  count: number,
  length: number,
  cells: number,
): AxisSample {
  const cell = new Int32Array(count);
  const fraction = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const position = ((first + i + 0.5) * cells) / length - 0.5;
    const clamped = Math.min(cells - 1, Math.max(0, position));
    const low = Math.max(0, Math.min(cells - 2, Math.floor(clamped)));
    cell[i] = low;
    fraction[i] = cells > 1 ? clamped - low : 0;
  }
  return { cell, fraction };
}

/** The grid at one height: [width][depth][12]. */
export function gridRow(
  grid: GradeGrid,
  cell: number,
  fraction: number,
  out: Float32Array,
): Float32Array {
  const { coefficients } = grid;
  const rowLength = grid.width * grid.depth * COEFFICIENTS;
  const upper = cell * rowLength;
  const lower = Math.min(grid.height - 1, cell + 1) * rowLength;
  for (let i = 0; i < rowLength; i++) {
    const a = coefficients[upper + i] as number;
    out[i] = a + fraction * ((coefficients[lower + i] as number) - a);
  }
  return out;
}

/**
 * Colour change of one row of pixels; all lines are planar, in [0, 1]. Trilinear in x, y and luma.
 * The changed colour is clamped to [0, 1], because later steps expect a valid colour.
 */
export function sliceRow(
  row: Float32Array,
  grid: GradeGrid,
  columns: AxisSample,
  color: readonly [Float32Array, Float32Array, Float32Array],
  luma: Float32Array,
  delta: readonly [Float32Array, Float32Array, Float32Array],
): void {
  const { depth } = grid;
  const [red, green, blue] = color;
  const [deltaRed, deltaGreen, deltaBlue] = delta;
  const cellStride = depth * COEFFICIENTS;
  const nextColumn = grid.width > 1 ? cellStride : 0;
  const nextLevel = depth > 1 ? COEFFICIENTS : 0;
  const count = columns.cell.length;
  for (let i = 0; i < count; i++) {
    const z = Math.min(depth - 1, Math.max(0, (luma[i] as number) * depth - 0.5));
    const level = Math.max(0, Math.min(depth - 2, z | 0));
    const fz = z - level;
    const fx = columns.fraction[i] as number;
    const p00 = (columns.cell[i] as number) * cellStride + level * COEFFICIENTS;
    const p10 = p00 + nextColumn;
    const w00 = (1 - fx) * (1 - fz);
    const w10 = fx * (1 - fz);
    const w01 = (1 - fx) * fz;
    const w11 = fx * fz;
    const p01 = p00 + nextLevel;
    const p11 = p10 + nextLevel;
    const r = red[i] as number;
    const g = green[i] as number;
    const b = blue[i] as number;
    for (let k = 0; k < 3; k++) {
      let sum = 0;
      for (let c = 0; c < 4; c++) {
        const at = c * 3 + k;
        const coefficient =
          w00 * (row[p00 + at] as number) +
          w10 * (row[p10 + at] as number) +
          w01 * (row[p01 + at] as number) +
          w11 * (row[p11 + at] as number);
        sum += coefficient * (c === 0 ? r : c === 1 ? g : c === 2 ? b : 1);
      }
      const value = k === 0 ? r : k === 1 ? g : b;
      (k === 0 ? deltaRed : k === 1 ? deltaGreen : deltaBlue)[i] = Math.min(
        1 - value,
        Math.max(-value, sum),
      );
    }
  }
}

/** What the grid makes of a whole planar RGB picture [3, H, W] in [0, 1]. */
export function slicePicture(grid: GradeGrid, rgb: Float32Array, extent: Extent): Float32Array {
  const { width, height } = extent;
  const pixels = width * height;
  const luma = lumaPlane(rgb);
  const delta = new Float32Array(rgb.length);
  const columns = axisSamples(0, width, width, grid.width);
  const rows = axisSamples(0, height, height, grid.height);
  const row = new Float32Array(grid.width * grid.depth * COEFFICIENTS);
  const line = (planes: Float32Array, channel: number, y: number) =>
    planes.subarray(channel * pixels + y * width, channel * pixels + (y + 1) * width);
  for (let y = 0; y < height; y++) {
    gridRow(grid, rows.cell[y] as number, rows.fraction[y] as number, row);
    sliceRow(
      row,
      grid,
      columns,
      [line(rgb, 0, y), line(rgb, 1, y), line(rgb, 2, y)],
      luma.subarray(y * width, (y + 1) * width),
      [line(delta, 0, y), line(delta, 1, y), line(delta, 2, y)],
    );
  }
  for (let i = 0; i < delta.length; i++) delta[i] = (delta[i] as number) + (rgb[i] as number);
  return delta;
}
