/** Evaluation of the grade, for fit and tiles: same computation as `src/compositor/gradeGrid.ts`. */

/** Bytes of one transform: four columns (red, green, blue, constant) of four floats, the last lane 0. */
export const TRANSFORM: usize = 64;

/** A line of the grid at one height: between two lines of `bytes` bytes. */
@inline
export function lineBetween(
  upper: usize,
  lower: usize,
  fraction: v128,
  bytes: usize,
  line: usize,
): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const a = v128.load(upper + at);
    const b = v128.load(lower + at);
    v128.store(line + at, f32x4.add(a, f32x4.mul(fraction, f32x4.sub(b, a))));
  }
}

/** Colour change by the transform interpolated between four cells of a line; the fourth lane is 0. */
@inline
export function changeBetween(
  transform: usize,
  nextColumn: usize,
  nextLevel: usize,
  fx: f32,
  fz: f32,
  r: v128,
  g: v128,
  b: v128,
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
  return f32x4.add(
    f32x4.add(f32x4.mul(red, r), f32x4.mul(green, g)),
    f32x4.add(f32x4.mul(blue, b), constant),
  );
}

/** One column of the transform between four cells. */
@inline
function corners(
  p00: usize,
  p10: usize,
  p01: usize,
  p11: usize,
  w00: v128,
  w10: v128,
  w01: v128,
  w11: v128,
): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(w00, v128.load(p00)), f32x4.mul(w10, v128.load(p10))),
    f32x4.add(f32x4.mul(w01, v128.load(p01)), f32x4.mul(w11, v128.load(p11))),
  );
}
