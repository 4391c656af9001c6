/** Parameters of a call, written by `src/compositor/tile/tileKernel.ts`. */

/** One map sample: (base r g b, lost), (slope r g b, mask slope), (graded r g b, mask offset). */
export const MAP: usize = 48;

/** Sizes and addresses, written by the host before each call. */
@unmanaged
export class Job {
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
