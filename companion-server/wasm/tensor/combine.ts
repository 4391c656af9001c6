import { twoAt } from './lanes';

/** scale · x + offset clamped to [low, high], in place; NaN stays NaN. */
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

/** out = a · x + b · y + c · z, in f64 and rounded once. */
export function combine(
  x: usize,
  y: usize,
  z: usize,
  out: usize,
  count: i32,
  a: f64,
  b: f64,
  c: f64,
): void {
  const as = f64x2.splat(a);
  const bs = f64x2.splat(b);
  const cs = f64x2.splat(c);
  const bytes = (<usize>count) << 2;
  for (let at: usize = 0; at < bytes; at += 8) {
    const first = f64x2.mul(as, twoAt(x + at));
    const second = f64x2.mul(bs, twoAt(y + at));
    const third = f64x2.mul(cs, twoAt(z + at));
    const sum = f64x2.add(f64x2.add(first, second), third);
    v128.store64_lane(out + at, f32x4.demote_f64x2_zero(sum), 0);
  }
}

/** first = a · x + b · y, and from that second = c · x + d · first + e · z; both in f64 and rounded once. */
export function combineChained(
  x: usize,
  y: usize,
  z: usize,
  first: usize,
  second: usize,
  count: i32,
  a: f64,
  b: f64,
  c: f64,
  d: f64,
  e: f64,
): void {
  const as = f64x2.splat(a);
  const bs = f64x2.splat(b);
  const cs = f64x2.splat(c);
  const ds = f64x2.splat(d);
  const es = f64x2.splat(e);
  const bytes = (<usize>count) << 2;
  for (let at: usize = 0; at < bytes; at += 8) {
    const xs = twoAt(x + at);
    const ys = twoAt(y + at);
    const zs = twoAt(z + at);
    const made = f32x4.demote_f64x2_zero(f64x2.add(f64x2.mul(as, xs), f64x2.mul(bs, ys)));
    const rounded = f64x2.promote_low_f32x4(made);
    const sum = f64x2.add(f64x2.add(f64x2.mul(cs, xs), f64x2.mul(ds, rounded)), f64x2.mul(es, zs));
    v128.store64_lane(first + at, made, 0);
    v128.store64_lane(second + at, f32x4.demote_f64x2_zero(sum), 0);
  }
}
