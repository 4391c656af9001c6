/** One column of the transform between four cells. */
@inline
export function corners(
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
