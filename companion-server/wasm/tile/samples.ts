/** Samples of any depth as floats and back: the arithmetic of `src/compositor/tile/samples.ts`. */

/** Three or four samples as floats; for RGB pixels the fourth lane is undefined and never used. */
@inline
export function loadPixel<T>(at: usize): v128 {
  if (sizeof<T>() == 1) {
    return f32x4.convert_i32x4_u(
      i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(at))),
    );
  }
  if (sizeof<T>() == 2) {
    return f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(v128.load64_zero(at)));
  }
  return v128.load(at);
}

/** Writes four samples; after an RGB pixel the fourth is overwritten by the next pixel. */
@inline
export function storePixel<T>(at: usize, value: v128, threshold: v128): void {
  if (sizeof<T>() == 1) {
    const levels = i32x4.trunc_sat_f32x4_s(f32x4.add(value, threshold));
    const narrow = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_u(levels, levels), levels);
    v128.store32_lane(at, narrow, 0);
  } else if (sizeof<T>() == 2) {
    const levels = i32x4.trunc_sat_f32x4_s(f32x4.add(value, f32x4.splat(0.5)));
    v128.store64_lane(at, i16x8.narrow_i32x4_u(levels, levels), 0);
  } else {
    v128.store(at, value);
  }
}
