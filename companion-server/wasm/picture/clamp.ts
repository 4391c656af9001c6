/** scale · x + offset within [low, high], in place; what is not a number stays so. */
export function scaleAndClamp(
  values: usize,
  count: i32,
  scale: f32,
  offset: f32,
  low: f32,
  high: f32,
): void {
  const scales = f32x4.splat(scale);
  const offsets = f32x4.splat(offset);
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  const end = values + ((<usize>count) << 2);
  for (let at = values; at < end; at += 16) {
    const x = f32x4.add(f32x4.mul(v128.load(at), scales), offsets);
    v128.store(at, f32x4.pmin(f32x4.pmax(x, lows), highs));
  }
}
