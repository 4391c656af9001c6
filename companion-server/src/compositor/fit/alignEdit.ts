import type { Extent } from '@emoeditor/shared';
import { boxMean, type Plane } from '../planes.ts';

/** Largest shift that is corrected, in working pixels. */
export const REACH = 2;
/** Radius of the patch that is compared. */
export const PATCH = 3;
/** Penalty per squared pixel of shift, in squared error (1.0 = white), so that flat areas do not shift at random. */
export const SHIFT_COST = 2e-4;

/**
 * Which patch of the edit fits the graded source best around every pixel.
 * @returns 0 where none fits better than the one in place, otherwise 1 + (dy + REACH)·(2·REACH + 1) + dx + REACH
 */
export function bestShifts(graded: Float32Array, edit: Float32Array, extent: Extent): Int32Array {
  const pixels = extent.width * extent.height;
  const unmoved = shiftError(graded, edit, extent, 0, 0);
  const best = unmoved.slice();
  const shift = new Int32Array(pixels);
  for (let dy = -REACH; dy <= REACH; dy++) {
    for (let dx = -REACH; dx <= REACH; dx++) {
      if (dx === 0 && dy === 0) continue;
      const error = shiftError(graded, edit, extent, dx, dy);
      const cost = SHIFT_COST * (dx * dx + dy * dy);
      for (let i = 0; i < pixels; i++) {
        const total = (error[i] as number) + cost;
        if (total < (best[i] as number)) {
          best[i] = total;
          shift[i] = (dy + REACH) * (2 * REACH + 1) + dx + REACH + 1;
        }
      }
    }
  }
  return shift;
}

/** Mean squared difference of the patches around every pixel, with the edit read (dx, dy) away. */
function shiftError(
  graded: Float32Array,
  edit: Float32Array,
  extent: Extent,
  dx: number,
  dy: number,
): Plane {
  const { width, height } = extent;
  const pixels = width * height;
  const error = new Float32Array(pixels);
  for (let k = 0; k < 3; k++) {
    const plane = k * pixels;
    for (let y = 0; y < height; y++) {
      const from = plane + Math.min(height - 1, Math.max(0, y + dy)) * width;
      const to = plane + y * width;
      for (let x = 0; x < width; x++) {
        const d =
          (edit[from + Math.min(width - 1, Math.max(0, x + dx))] as number) -
          (graded[to + x] as number);
        error[y * width + x] = (error[y * width + x] as number) + d * d;
      }
    }
  }
  return boxMean(error, extent, PATCH);
}

/**
 * Corrects geometric drift: generated pictures reproduce edges a pixel or two off. Moves every patch to where it matches
 * the graded source best, so that drift is not mistaken for new content and does not blur the grade's slopes.
 * New content matches nowhere and is not moved.
 *
 * @param edit planar RGB
 * @param shift of every pixel, as `bestShifts` numbers them
 * @returns the edit on the source's geometry, planar RGB
 */
export function alignEdit(
  edit: Float32Array,
  shift: Int32Array,
  { width, height }: Extent,
): Float32Array {
  const pixels = width * height;
  const side = 2 * REACH + 1;
  const out = edit.slice();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const number = shift[y * width + x] as number;
      if (number === 0) continue;
      const dx = ((number - 1) % side) - REACH;
      const dy = Math.floor((number - 1) / side) - REACH;
      const from =
        Math.min(height - 1, Math.max(0, y + dy)) * width +
        Math.min(width - 1, Math.max(0, x + dx));
      for (let k = 0; k < 3; k++) {
        out[k * pixels + y * width + x] = edit[k * pixels + from] as number;
      }
    }
  }
  return out;
}
