/** The grid's transforms at every pixel; the arithmetic of `src/compositor/gradeGrid.ts`. */
import { corners } from '../corners';
import { TRANSFORM } from './layout';
import { clampIndex } from './rows';

/**
 * What the grid makes of a planar RGB picture. `grid`: transforms padded to 64 bytes; `columnCell`, `rowCell`: i32
 * low cell, `columnFraction`, `rowFraction`: f32; `line` holds gridWidth · depth transforms.
 */
export function slicePicture(
  grid: usize,
  gridWidth: i32,
  gridHeight: i32,
  depth: i32,
  rgb: usize,
  out: usize,
  width: i32,
  height: i32,
  columnCell: usize,
  columnFraction: usize,
  rowCell: usize,
  rowFraction: usize,
  line: usize,
): void {
  const plane = (<usize>(width * height)) << 2;
  const columnBytes = <usize>depth * TRANSFORM;
  const rowBytes = <usize>gridWidth * columnBytes;
  const nextColumn: usize = gridWidth > 1 ? columnBytes : 0;
  const nextLevel: usize = depth > 1 ? TRANSFORM : 0;
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (let y = 0; y < height; y++) {
    const cell = load<i32>(rowCell + ((<usize>y) << 2));
    const down = v128.load32_splat(rowFraction + ((<usize>y) << 2));
    const upper = grid + <usize>cell * rowBytes;
    const lower = grid + <usize>clampIndex(cell + 1, gridHeight) * rowBytes;
    for (let i: usize = 0; i < rowBytes; i += 16) {
      const a = v128.load(upper + i);
      v128.store(
        line + i,
        f32x4.add(a, f32x4.mul(down, f32x4.sub(v128.load(lower + i), a))),
      );
    }
    for (let x = 0; x < width; x++) {
      const i = (<usize>(y * width + x)) << 2;
      const r = load<f32>(rgb + i);
      const g = load<f32>(rgb + plane + i);
      const b = load<f32>(rgb + 2 * plane + i);
      const luma: f32 = 0.25 * r + 0.5 * g + 0.25 * b;
      const position = luma * <f32>depth - 0.5;
      const z = min<f32>(<f32>(depth - 1), max<f32>(0, position));
      const level = max(0, min(depth - 2, <i32>z));
      const fz = z - <f32>level;
      const fx = load<f32>(columnFraction + ((<usize>x) << 2));
      const both = fx * fz;
      const w00 = f32x4.splat(1 - fx - fz + both);
      const w10 = f32x4.splat(fx - both);
      const w01 = f32x4.splat(fz - both);
      const w11 = f32x4.splat(both);
      const p00 =
        line +
        <usize>load<i32>(columnCell + ((<usize>x) << 2)) * columnBytes +
        <usize>level * TRANSFORM;
      const p10 = p00 + nextColumn;
      const p01 = p00 + nextLevel;
      const p11 = p10 + nextLevel;
      const red = corners(p00, p10, p01, p11, w00, w10, w01, w11);
      const green = corners(p00 + 16, p10 + 16, p01 + 16, p11 + 16, w00, w10, w01, w11);
      const blue = corners(p00 + 32, p10 + 32, p01 + 32, p11 + 32, w00, w10, w01, w11);
      const constant = corners(p00 + 48, p10 + 48, p01 + 48, p11 + 48, w00, w10, w01, w11);
      const change = f32x4.add(
        f32x4.add(f32x4.mul(red, f32x4.splat(r)), f32x4.mul(green, f32x4.splat(g))),
        f32x4.add(f32x4.mul(blue, f32x4.splat(b)), constant),
      );
      const shown = f32x4.pmin(f32x4.pmax(f32x4.add(f32x4(r, g, b, 0), change), zero), one);
      store<f32>(out + i, f32x4.extract_lane(shown, 0));
      store<f32>(out + plane + i, f32x4.extract_lane(shown, 1));
      store<f32>(out + 2 * plane + i, f32x4.extract_lane(shown, 2));
    }
  }
}
