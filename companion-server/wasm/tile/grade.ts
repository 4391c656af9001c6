/** The grade: the arithmetic of `src/compositor/gradeGrid.ts`. */
import { corners } from '../corners';
import { clampIndex, Job, TRANSFORM } from './job';

/** The grid at one height, for the columns that the tile reads. */
export function interpolateGrid(job: Job, row: i32): void {
  const cell = load<i32>(job.rowCell + (<usize>row << 2));
  const fraction = f32x4.splat(load<f32>(job.rowFraction + (<usize>row << 2)));
  const columnBytes = <usize>job.depth * TRANSFORM;
  const rowBytes = <usize>job.gridWidth * columnBytes;
  const start = <usize>job.firstCell * columnBytes;
  const upper = job.grid + <usize>cell * rowBytes + start;
  const lower = job.grid + <usize>clampIndex(cell + 1, job.gridHeight) * rowBytes + start;
  const bytes = <usize>job.cellCount * columnBytes;
  for (let at: usize = 0; at < bytes; at += 16) {
    const a = v128.load(upper + at);
    const b = v128.load(lower + at);
    v128.store(job.gridLine + at, f32x4.add(a, f32x4.mul(fraction, f32x4.sub(b, a))));
  }
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
  const both = fx * fz;
  const w00 = f32x4.splat(1 - fx - fz + both);
  const w10 = f32x4.splat(fx - both);
  const w01 = f32x4.splat(fz - both);
  const w11 = f32x4.splat(both);
  const p10 = transform + nextColumn;
  const p01 = transform + nextLevel;
  const p11 = p10 + nextLevel;
  const red = corners(transform, p10, p01, p11, w00, w10, w01, w11);
  const green = corners(transform + 16, p10 + 16, p01 + 16, p11 + 16, w00, w10, w01, w11);
  const blue = corners(transform + 32, p10 + 32, p01 + 32, p11 + 32, w00, w10, w01, w11);
  const constant = corners(transform + 48, p10 + 48, p01 + 48, p11 + 48, w00, w10, w01, w11);
  const sum = f32x4.add(
    f32x4.add(f32x4.mul(red, r), f32x4.mul(green, g)),
    f32x4.add(f32x4.mul(blue, b), constant),
  );
  return f32x4.pmax(f32x4.pmin(sum, f32x4.sub(f32x4.splat(1), color)), f32x4.neg(color));
}
