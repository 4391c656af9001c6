/** Pixels of a plane of floats, and rows with room to either side. */

@inline
export function rowOf(plane: usize, y: i32, width: i32): usize {
  return plane + ((<usize>y * <usize>width) << 2);
}

@inline
export function at(address: usize, index: i32): f32 {
  return load<f32>(address + ((<usize>index) << 2));
}

/** The row with `radius` pixels to either side, the border repeated, or zeros. */
export function pad(row: usize, width: i32, radius: i32, isRepeated: bool, line: usize): void {
  memory.copy(line + ((<usize>radius) << 2), row, (<usize>width) << 2);
  const first: f32 = isRepeated ? at(row, 0) : 0;
  const last: f32 = isRepeated ? at(row, width - 1) : 0;
  for (let i = 0; i < radius; i++) store<f32>(line + ((<usize>i) << 2), first);
  // Four more, which the last vectors read.
  for (let i = radius + width; i < 2 * radius + width + 4; i++) {
    store<f32>(line + ((<usize>i) << 2), last);
  }
}
