/**
 * Weighted sums of neighbours along one axis. For each output: i32 index of the first input, i32 number of inputs,
 * and `most` f32 weights, of which that many count.
 */

/** Down the columns: [·, width] → [outputs, width]. */
export function squashDown(
  from: usize,
  to: usize,
  width: i32,
  starts: usize,
  lengths: usize,
  weights: usize,
  most: i32,
  outputs: i32,
): void {
  const rowBytes = (<usize>width) << 2;
  for (let y = 0; y < outputs; y++) {
    const entry = (<usize>y) << 2;
    const first = from + <usize>load<i32>(starts + entry) * rowBytes;
    const length = load<i32>(lengths + entry);
    const weight = weights + ((<usize>(y * most)) << 2);
    const row = to + <usize>y * rowBytes;
    for (let x: usize = 0; x < rowBytes; x += 16) {
      let sum = f32x4.splat(0);
      let at = first + x;
      for (let k = 0; k < length; k++) {
        sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weight + ((<usize>k) << 2)), v128.load(at)));
        at += rowBytes;
      }
      v128.store(row + x, sum);
    }
  }
}

/**
 * Along the rows: [rows, width] → [rows, outputs]. Four rows at a time, which `columns` (4 · width floats) holds side
 * by side; both planes have room for rows up to the next multiple of four.
 */
export function squashAcross(
  from: usize,
  to: usize,
  columns: usize,
  rows: i32,
  width: i32,
  starts: usize,
  lengths: usize,
  weights: usize,
  most: i32,
  outputs: i32,
): void {
  const outBytes = (<usize>outputs) << 2;
  const inFours = outputs & ~3;
  for (let row = 0; row < rows; row += 4) {
    interleave(from + ((<usize>(row * width)) << 2), columns, width);
    let out = to + ((<usize>(row * outputs)) << 2);
    let x = 0;
    for (; x < inFours; x += 4) {
      const a = fourRows(columns, x, starts, lengths, weights, most);
      const b = fourRows(columns, x + 1, starts, lengths, weights, most);
      const c = fourRows(columns, x + 2, starts, lengths, weights, most);
      const d = fourRows(columns, x + 3, starts, lengths, weights, most);
      transpose(a, b, c, d, out, outBytes);
      out += 16;
    }
    for (; x < outputs; x++) {
      const sum = fourRows(columns, x, starts, lengths, weights, most);
      store<f32>(out, f32x4.extract_lane(sum, 0));
      store<f32>(out + outBytes, f32x4.extract_lane(sum, 1));
      store<f32>(out + 2 * outBytes, f32x4.extract_lane(sum, 2));
      store<f32>(out + 3 * outBytes, f32x4.extract_lane(sum, 3));
      out += 4;
    }
  }
}

/** One output of each of four rows. */
@inline
function fourRows(
  columns: usize,
  x: i32,
  starts: usize,
  lengths: usize,
  weights: usize,
  most: i32,
): v128 {
  const entry = (<usize>x) << 2;
  let at = columns + ((<usize>load<i32>(starts + entry)) << 4);
  let weight = weights + ((<usize>(x * most)) << 2);
  const end = weight + ((<usize>load<i32>(lengths + entry)) << 2);
  let sum = f32x4.splat(0);
  for (; weight < end; weight += 4) {
    sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weight), v128.load(at)));
    at += 16;
  }
  return sum;
}

/** Four rows of a plane as columns of four: [4, width] → [width, 4]. */
function interleave(from: usize, to: usize, width: i32): void {
  const rowBytes = (<usize>width) << 2;
  for (let x: usize = 0; x < rowBytes; x += 16) {
    const row = from + x;
    transpose(
      v128.load(row),
      v128.load(row + rowBytes),
      v128.load(row + 2 * rowBytes),
      v128.load(row + 3 * rowBytes),
      to + (x << 2),
      16,
    );
  }
}

/** Stores four times four floats with rows for columns, the rows `stride` bytes apart. */
@inline
function transpose(a: v128, b: v128, c: v128, d: v128, out: usize, stride: usize): void {
  const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5));
  v128.store(out + stride, v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7));
  v128.store(out + 2 * stride, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5));
  v128.store(out + 3 * stride, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7));
}
