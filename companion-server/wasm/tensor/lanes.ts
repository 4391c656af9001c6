/** Two neighbouring f32 as f64. */
@inline
export function twoAt(values: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(values));
}
