/** Interleaved bytes of `count` RGB pixels → planes of red, green and blue in [0, 1]. */
export function planesOfBytes(rgb: usize, out: usize, count: i32): void {
  const plane = (<usize>count) << 2;
  // Planes in order: values written beyond the end of one are overwritten by the next.
  for (let channel: usize = 0; channel < 3; channel++) {
    const start = out + channel * plane;
    for (let at: usize = 0; at < plane; at += 16) {
      const word = rgb + 3 * (at >> 2) + channel;
      const bytes = fourBytes(word);
      v128.store(start + at, f32x4.div(f32x4.convert_i32x4_u(bytes), f32x4.splat(255)));
    }
  }
}

/** Every third byte, four of them, as words; an index beyond the last byte gives a zero. */
@inline
function fourBytes(from: usize): v128 {
  const places = i8x16(0, -1, -1, -1, 3, -1, -1, -1, 6, -1, -1, -1, 9, -1, -1, -1);
  return v128.swizzle(v128.load(from), places);
}

/** Planes of red, green and blue in [0, 1] → interleaved bytes, rounded to the nearest; what lies outside is clamped. */
export function bytesOfPlanes(planes: usize, out: usize, count: i32): void {
  const plane = (<usize>count) << 2;
  for (let at: usize = 0; at < plane; at += 16) {
    const red = nearest(planes + at);
    const green = nearest(planes + plane + at);
    const blue = nearest(planes + 2 * plane + at);
    const redGreen = i16x8.narrow_i32x4_s(red, green);
    const blues = i16x8.narrow_i32x4_s(blue, blue);
    const bytes = i8x16.narrow_i16x8_u(redGreen, blues);
    const pixels = v128.shuffle<u8>(
      bytes, bytes,
      0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11, 12, 12, 12, 12,
    );
    v128.store(out + 3 * (at >> 2), pixels);
  }
}

@inline
function nearest(values: usize): v128 {
  const scaled = f32x4.mul(v128.load(values), f32x4.splat(255));
  return i32x4.trunc_sat_f32x4_s(f32x4.add(scaled, f32x4.splat(0.5)));
}
