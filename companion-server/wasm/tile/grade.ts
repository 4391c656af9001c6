/** The grade in a tile. */
import { clampIndex } from '../border';
import { changeBetween, lineBetween, TRANSFORM } from '../grade';
import { Job } from './job';

/** The grid at one height, for the columns that the tile reads. */
export function interpolateGrid(job: Job, row: i32): void {
  const cell = load<i32>(job.rowCell + (<usize>row << 2));
  const fraction = f32x4.splat(load<f32>(job.rowFraction + (<usize>row << 2)));
  const columnBytes = <usize>job.depth * TRANSFORM;
  const rowBytes = <usize>job.gridWidth * columnBytes;
  const start = <usize>job.firstCell * columnBytes;
  const upper = job.grid + <usize>cell * rowBytes + start;
  const lower = job.grid + <usize>clampIndex(cell + 1, job.gridHeight) * rowBytes + start;
  lineBetween(upper, lower, fraction, <usize>job.cellCount * columnBytes, job.gridLine);
}

/** The grade's change of one colour; the changed colour stays in [0, 1], the fourth lane is 0. */
@inline
export function grade(
  transform: usize,
  nextColumn: usize,
  nextLevel: usize,
  fx: f32,
  fz: f32,
  r: v128,
  g: v128,
  b: v128,
  color: v128,
): v128 {
  const sum = changeBetween(transform, nextColumn, nextLevel, fx, fz, r, g, b);
  return f32x4.pmax(f32x4.pmin(sum, f32x4.sub(f32x4.splat(1), color)), f32x4.neg(color));
}
