import type { Extent } from '@emoeditor/shared';

/** Steps between which the horizontal means are rounded, so that the sums of the vertical ones are exact. */
const STEPS = 2 ** 20;

/**
 * Softens a mask: three box filters whose radii add up to `feather`, close to a Gaussian, so that an edge fades over
 * exactly so many pixels on each side. Samples at the border count on beyond it. A pixel further than `feather` from the
 * border comes out the same to the bit whatever part of the mask it is computed in.
 * @param mask samples from 0 to `range`, changed to the softened ones
 */
export function featherMask(
  mask: Float32Array,
  { width, height }: Extent,
  feather: number,
  range: number,
): void {
  const radii = [0, 1, 2].map((more) => Math.floor((feather + more) / 3));
  const sides = radii.reduce((product, radius) => product * (2 * radius + 1), 1);
  const row = new Float64Array(width);
  for (let y = 0; y < height; y += 1) {
    const at = y * width;
    for (let x = 0; x < width; x += 1) row[x] = mask[at + x] as number;
    const sums = boxSums(row, radii);
    for (let x = 0; x < width; x += 1)
      mask[at + x] = Math.round(((sums[x] as number) / sides / range) * STEPS);
  }
  const column = new Float64Array(height);
  for (let x = 0; x < width; x += 1) {
    for (let y = 0; y < height; y += 1) column[y] = mask[y * width + x] as number;
    const sums = boxSums(column, radii);
    for (let y = 0; y < height; y += 1)
      mask[y * width + x] = ((sums[y] as number) / sides / STEPS) * range;
  }
}

/** Sums over boxes of these radii, one after another; whole numbers stay whole. */
function boxSums(line: Float64Array, radii: readonly number[]): Float64Array {
  let from = line;
  const last = line.length - 1;
  for (const radius of radii) {
    const to = new Float64Array(line.length);
    const sample = (x: number) => from[Math.min(last, Math.max(0, x))] as number;
    let sum = 0;
    for (let x = -radius; x <= radius; x += 1) sum += sample(x);
    for (let x = 0; x <= last; x += 1) {
      to[x] = sum;
      sum += sample(x + radius + 1) - sample(x - radius);
    }
    from = to;
  }
  return from;
}
