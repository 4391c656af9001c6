/**
 * The compositor's inner loop in AssemblyScript with SIMD: the arithmetic of `src/compositor/gradeGrid.ts`,
 * `contentRow.ts` and `samples.ts` in float32, four lanes = red, green, blue, alpha.
 * Built into `src/compositor/tile/tileKernel.wasm` by `npm run build:kernel -w companion-server`.
 * Everything lies where `src/compositor/tile/tileKernel.ts` puts it; addresses and sizes are in bytes unless said.
 */
import { clampIndex } from './border';
import { TRANSFORM } from './grade';
import { content, interpolateMaps } from './tile/content';
import { grade, interpolateGrid } from './tile/grade';
import { Job } from './tile/job';
import { loadPixel, storePixel } from './tile/samples';

export * from './memory';

/** R2 sequence (Roberts 2018) as 32-bit fractions, and the step between channels. */
const R2_X: i32 = 0xc13fa9a9;
const R2_Y: i32 = 0x91e10da6;

const zero = f32x4.splat(0);
const one = f32x4.splat(1);

/** Rows of a tile, sample by sample: grade, content, dither. */
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
      // pmin is one instruction instead of six, and keeps a NaN of its first operand.
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
