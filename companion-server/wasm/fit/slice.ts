/** The grid's transforms at every pixel; the arithmetic of `src/compositor/gradeGrid.ts`. */
import { clampIndex } from '../border';
import { changeBetween, lineBetween, TRANSFORM } from '../grade';

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
    lineBetween(upper, lower, down, rowBytes, line);
    for (let x = 0; x < width; x++) {
      const i = (<usize>(y * width + x)) << 2;
      const r = load<f32>(rgb + i);
      const g = load<f32>(rgb + plane + i);
      const b = load<f32>(rgb + 2 * plane + i);
      const luma: f32 = 0.25 * r + 0.5 * g + 0.25 * b;
      const position = luma * <f32>depth - 0.5;
      const z = min<f32>(<f32>(depth - 1), max<f32>(0, position));
      const level = max(0, min(depth - 2, <i32>z));
      const column = (<usize>x) << 2;
      const change = changeBetween(
        line + <usize>load<i32>(columnCell + column) * columnBytes + <usize>level * TRANSFORM,
        nextColumn,
        nextLevel,
        load<f32>(columnFraction + column),
        z - <f32>level,
        f32x4.splat(r),
        f32x4.splat(g),
        f32x4.splat(b),
      );
      const shown = f32x4.pmin(f32x4.pmax(f32x4.add(f32x4(r, g, b, 0), change), zero), one);
      store<f32>(out + i, f32x4.extract_lane(shown, 0));
      store<f32>(out + plane + i, f32x4.extract_lane(shown, 1));
      store<f32>(out + 2 * plane + i, f32x4.extract_lane(shown, 2));
    }
  }
}
