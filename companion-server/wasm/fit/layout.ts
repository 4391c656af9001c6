/** Memory layout of a grid cell. */

/** Bytes of one cell's moments: w·s·[r g b 1] for s = r, g, b, 1, then w·d·[r g b 1] for the change d of r, g, b. */
export const CELL: usize = 112;
