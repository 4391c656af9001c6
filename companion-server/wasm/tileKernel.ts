/**
 * The compositor's inner loop in AssemblyScript with SIMD: the arithmetic of `src/compositor/gradeGrid.ts`,
 * `contentRow.ts` and `samples.ts` in float32, four lanes = red, green, blue, alpha.
 * Built into `src/compositor/tileKernel.wasm` by `npm run build:kernel -w companion-server`.
 * Everything lies where `src/compositor/tileKernel.ts` puts it; addresses and sizes are in bytes unless said.
 */
import { corners } from './corners';

/** One affine transform: four columns (red, green, blue, constant) of four floats, the last lane 0. */
const TRANSFORM: usize = 64;
/** One map sample: (base r g b, lost), (slope r g b, mask slope), (graded r g b, mask offset). */
const MAP: usize = 48;

/** R2 sequence (Roberts 2018) as 32-bit fractions, and the step between channels. */
const R2_X: i32 = 0xc13fa9a9;
const R2_Y: i32 = 0x91e10da6;

/** Where things lie, written by the host before each call. */
@unmanaged
class Job {
  width: i32; // pixels
  rows: i32;
  left: i32; // of the tile in the layer, for the dither
  top: i32;
  channels: i32;
  depth: i32; // levels of luma
  gridWidth: i32; // cells
  gridHeight: i32;
  firstCell: i32; // columns of the grid that the tile reads
  cellCount: i32;
  mapWidth: i32; // samples
  mapHeight: i32;
  firstMap: i32; // columns of the maps that the tile reads; may be negative, the border repeats
  mapCount: i32;
  grid: usize;
  maps: usize; // 0 when there is no content
  reach: usize;
  columnCell: usize; // i32 per pixel: bytes from the start of the grid line
  columnFraction: usize; // f32 per pixel
  columnMap: usize; // i32 per pixel: bytes from the start of the map line
  columnWeights: usize; // 4 × f32 per pixel
  columnNear: usize; // i32 per pixel: column of `reach`
  rowCell: usize; // i32 per row
  rowFraction: usize; // f32 per row
  rowMap: usize; // i32 per row: first of four map rows, may be negative
  rowWeights: usize; // 4 × f32 per row
  gridLine: usize;
  mapLine: usize;
  input: usize;
  output: usize;
  range: f32; // the sample value that means 1
  gain: f32; // intensity × range
  maskFloor: f32;
  grain: f32; // standard deviation, 1 = white
  grainCore: f32; // 1/τ²
}

const zero = f32x4.splat(0);
const one = f32x4.splat(1);

@inline
function clampIndex(index: i32, count: i32): i32 {
  return max(0, min(count - 1, index));
}

/** The grid at one height, for the columns that the tile reads. */
function interpolateGrid(job: Job, row: i32): void {
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

/** The maps at one height, for the columns that the tile reads. False when no content is near. */
function interpolateMaps(job: Job, row: i32): bool {
  const first = load<i32>(job.rowMap + (<usize>row << 2));
  const weights = job.rowWeights + (<usize>row << 4);
  const w0 = v128.load_splat<f32>(weights);
  const w1 = v128.load_splat<f32>(weights + 4);
  const w2 = v128.load_splat<f32>(weights + 8);
  const w3 = v128.load_splat<f32>(weights + 12);
  const rowBytes = <usize>job.mapWidth * MAP;
  const row0 = job.maps + <usize>clampIndex(first, job.mapHeight) * rowBytes;
  const row1 = job.maps + <usize>clampIndex(first + 1, job.mapHeight) * rowBytes;
  const row2 = job.maps + <usize>clampIndex(first + 2, job.mapHeight) * rowBytes;
  const row3 = job.maps + <usize>clampIndex(first + 3, job.mapHeight) * rowBytes;
  const reach = job.reach + <usize>(clampIndex(first + 1, job.mapHeight) * job.mapWidth);
  let reached = false;
  for (let column = 0; column < job.mapCount; column++) {
    const x = clampIndex(job.firstMap + column, job.mapWidth);
    if (load<u8>(reach + <usize>x)) reached = true;
  }
  if (!reached) return false;
  for (let column = 0; column < job.mapCount; column++) {
    const x = <usize>clampIndex(job.firstMap + column, job.mapWidth) * MAP;
    const to = job.mapLine + <usize>column * MAP;
    for (let at: usize = 0; at < MAP; at += 16) {
      let sum = f32x4.mul(w0, v128.load(row0 + x + at));
      sum = f32x4.add(sum, f32x4.mul(w1, v128.load(row1 + x + at)));
      sum = f32x4.add(sum, f32x4.mul(w2, v128.load(row2 + x + at)));
      sum = f32x4.add(sum, f32x4.mul(w3, v128.load(row3 + x + at)));
      v128.store(to + at, sum);
    }
  }
  return true;
}

/** Three or four samples as floats; the fourth lane of an RGB pixel is whatever follows and is never used. */
@inline
function loadPixel<T>(at: usize): v128 {
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
function storePixel<T>(at: usize, value: v128, threshold: v128): void {
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

/** The grade's change of one colour; the changed colour stays in [0, 1], the fourth lane is 0. */
@inline
function grade(
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
  return f32x4.pmax(f32x4.pmin(sum, f32x4.sub(one, color)), f32x4.neg(color));
}

@inline
function spline(line: usize, w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(w0, v128.load(line)), f32x4.mul(w1, v128.load(line + MAP))),
    f32x4.add(f32x4.mul(w2, v128.load(line + 2 * MAP)), f32x4.mul(w3, v128.load(line + 3 * MAP))),
  );
}

/** What stays of a detail that makes way: `contentGrain.ts`. */
@inline
function keptGrain(detail: v128, position: i32, sigma: f32, core: f32): v128 {
  const square = f32x4.mul(f32x4.mul(detail, detail), f32x4.splat(core));
  const inner = f32x4.pmax(zero, f32x4.sub(one, square));
  const share = f32x4.mul(inner, inner);
  const rest = f32x4.sqrt(f32x4.pmax(zero, f32x4.sub(one, f32x4.mul(share, share))));
  const noise = f32x4.splat(sigma * noiseAt(position));
  return f32x4.add(f32x4.mul(detail, share), f32x4.mul(noise, rest));
}

/** Mean 0, variance 1. */
@inline
function noiseAt(position: i32): f32 {
  let h = position;
  h = (h ^ (h >>> 16)) * 0x85ebca6b;
  h = (h ^ (h >>> 13)) * 0xc2b2ae35;
  h ^= h >>> 16;
  const bytes = (h & 0xff) + ((h >>> 8) & 0xff) + ((h >>> 16) & 0xff) + (h >>> 24);
  return <f32>(bytes - 510) * (1.0 / 147.80053);
}

/** The content's change on top of the grade's: M · (r − (1 − w)·(G − s − grain)). */
@inline
function content(
  line: usize,
  weights: usize,
  luma: f32,
  color: v128,
  delta: v128,
  position: i32,
  job: Job,
): v128 {
  const maskFloor = job.maskFloor;
  const w0 = v128.load_splat<f32>(weights);
  const w1 = v128.load_splat<f32>(weights + 4);
  const w2 = v128.load_splat<f32>(weights + 8);
  const w3 = v128.load_splat<f32>(weights + 12);
  const base = spline(line, w0, w1, w2, w3);
  const slope = spline(line + 16, w0, w1, w2, w3);
  const graded = spline(line + 32, w0, w1, w2, w3);
  const linear = f32x4.extract_lane(slope, 3) * luma + f32x4.extract_lane(graded, 3);
  if (linear <= maskFloor) return delta;
  const mask = min<f32>(1, (linear - maskFloor) / (1 - 2 * maskFloor));
  const lost = f32x4.splat(f32x4.extract_lane(base, 3));
  const residual = f32x4.add(base, f32x4.mul(slope, f32x4.splat(luma)));
  const detail = f32x4.sub(f32x4.add(color, delta), graded);
  let removed = detail;
  if (job.grain > 0) {
    removed = f32x4.sub(detail, keptGrain(detail, position, job.grain, job.grainCore));
  }
  const change = f32x4.sub(residual, f32x4.mul(lost, removed));
  return f32x4.replace_lane(f32x4.add(delta, f32x4.mul(f32x4.splat(mask), change)), 3, 0);
}

function compositeRows<T>(job: Job): void {
  const stride = <usize>job.channels * sizeof<T>();
  const depth = job.depth;
  const nextLevel: usize = depth > 1 ? TRANSFORM : 0;
  const nextColumn: usize = job.gridWidth > 1 ? <usize>depth * TRANSFORM : 0;
  const invRange = f32x4.splat(1 / job.range);
  const range = f32x4.splat(job.range);
  const gain = f32x4.splat(job.gain);
  const hasAlpha = job.channels == 4;
  const channelSteps = i32x4(0, 0x55555555, 0xaaaaaaaa, 0xffffffff);
  let input = job.input;
  let output = job.output;
  for (let y = 0; y < job.rows; y++) {
    interpolateGrid(job, y);
    const near = clampIndex(load<i32>(job.rowMap + (<usize>y << 2)) + 1, job.mapHeight);
    const reachRow = job.reach + <usize>(near * job.mapWidth);
    const hasContent = job.maps != 0 && interpolateMaps(job, y);
    let position = job.left * R2_X + (job.top + y) * R2_Y;
    for (let x = 0; x < job.width; x++) {
      const source = loadPixel<T>(input);
      const color = f32x4.pmin(one, f32x4.pmax(zero, f32x4.mul(source, invRange)));
      let delta = zero;
      if (!hasAlpha || f32x4.extract_lane(source, 3) != 0) {
        const red = f32x4.extract_lane(color, 0);
        const green = f32x4.extract_lane(color, 1);
        const blue = f32x4.extract_lane(color, 2);
        const luma: f32 = 0.25 * red + 0.5 * green + 0.25 * blue;
        const z = max<f32>(0, min<f32>(<f32>(depth - 1), luma * <f32>depth - 0.5));
        const level = max(0, min(depth - 2, <i32>z));
        const column = <usize>x << 2;
        delta = grade(
          job.gridLine + <usize>load<i32>(job.columnCell + column) + <usize>level * TRANSFORM,
          nextColumn,
          nextLevel,
          load<f32>(job.columnFraction + column),
          z - <f32>level,
          f32x4.splat(red),
          f32x4.splat(green),
          f32x4.splat(blue),
          color,
        );
        if (hasContent && load<u8>(reachRow + <usize>load<i32>(job.columnNear + column))) {
          const line = job.mapLine + <usize>load<i32>(job.columnMap + column);
          const weights = job.columnWeights + (<usize>x << 4);
          delta = content(line, weights, luma, color, delta, position, job);
        }
      }
      const low = f32x4.pmin(zero, source);
      const high = f32x4.pmax(range, source);
      // The pseudo minimum is one instruction where the other is six, and keeps its first operand's NaN.
      const changed = f32x4.add(source, f32x4.mul(gain, delta));
      const wanted = f32x4.pmin(f32x4.pmax(changed, low), high);
      // An unchanged sample keeps its very bits, -0 and NaN included.
      const value = v128.bitselect(source, wanted, f32x4.eq(delta, zero));
      const mixed = i32x4.add(i32x4.splat(position), channelSteps);
      const threshold = f32x4.mul(
        f32x4.convert_i32x4_u(i32x4.shr_u(mixed, 16)),
        f32x4.splat(1.0 / 65536),
      );
      storePixel<T>(output, value, threshold);
      position += R2_X;
      input += stride;
      output += stride;
    }
  }
}

export function compositeUint8(job: usize): void {
  compositeRows<u8>(changetype<Job>(job));
}

export function compositeUint16(job: usize): void {
  compositeRows<u16>(changetype<Job>(job));
}

export function compositeFloat32(job: usize): void {
  compositeRows<f32>(changetype<Job>(job));
}
