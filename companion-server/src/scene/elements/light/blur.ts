import type { Extent } from '@emoeditor/shared';
import { fastestArithmetic } from '../../../compositor/fit/fastestArithmetic.ts';
import { boxMean, type Plane } from '../../../compositor/planes.ts';
import type { LightPlanes } from '../elementRenderer.ts';

/** From this many pixels on three box means are as good as a Gaussian. */
const WIDE = 4;
/** Largest radius at which the kernel, which sums every pixel of the box, is faster than running sums. */
const SUMMED = 6;
/** Standard deviation in pixels below which nothing is blurred. */
const NARROW = 0.3;

/** @param share standard deviation as a share of the long side */
export function blurred(plane: Plane, extent: Extent, share: number): Plane {
  const sigma = share * Math.max(extent.width, extent.height);
  if (sigma < NARROW) return plane.slice();
  const arithmetic = fastestArithmetic();
  if (sigma < WIDE) return arithmetic.gaussian(plane, extent, sigma);
  const radius = Math.max(1, Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2));
  const meanOf = radius > SUMMED ? boxMean : arithmetic.boxMean.bind(arithmetic);
  let mean = plane;
  for (let turn = 0; turn < 3; turn++) mean = meanOf(mean, extent, radius);
  return mean;
}

export const blurredLight = (light: LightPlanes, extent: Extent, share: number) =>
  light.map((plane) => blurred(plane, extent, share)) as unknown as LightPlanes;

/**
 * Mean over a disc, as a lens out of focus shows a point. Row by row from running sums, so that the cost grows with the
 * radius and not with its square.
 * @param share radius as a share of the long side
 */
export function discMean(plane: Plane, extent: Extent, share: number): Plane {
  const { width, height } = extent;
  const radius = share * Math.max(width, height);
  if (radius < 0.5) return plane.slice();
  const reach = Math.ceil(radius);
  const out = new Float32Array(plane.length);
  const padded = width + 2 * (reach + 1);
  const sums = new Float64Array(padded + 1);
  const halves = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.sqrt(Math.max(0, (radius + 0.25) ** 2 - (i - reach) ** 2)),
  );
  const area = halves.reduce((sum, half) => sum + 2 * half, 0);
  for (let from = 0; from < height; from++) {
    runningSums(plane, from * width, width, reach + 1, sums);
    // Rows above the first and below the last repeat the border.
    const top = from === 0 ? -reach : from;
    const bottom = from === height - 1 ? height - 1 + reach : from;
    for (let row = top; row <= bottom; row++) {
      for (let y = Math.max(0, row - reach); y <= Math.min(height - 1, row + reach); y++) {
        addSpan(sums, halves[row - y + reach] as number, reach, out, y * width, width);
      }
    }
  }
  for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) / area;
  return out;
}

function runningSums(plane: Plane, at: number, width: number, pad: number, sums: Float64Array) {
  let sum = 0;
  sums[0] = 0;
  for (let x = -pad; x < width + pad; x++) {
    sum += plane[at + Math.min(width - 1, Math.max(0, x))] as number;
    sums[x + pad + 1] = sum;
  }
}

/** Adds, for every pixel of a row, the sum of what lies within `half` pixels to either side in the row of the sums. */
function addSpan(
  sums: Float64Array,
  half: number,
  reach: number,
  out: Plane,
  at: number,
  width: number,
): void {
  if (half <= 0) return;
  // Edges of the span relative to a pixel's left edge, as whole pixels and a share of the next.
  const right = half + 0.5 + reach + 1;
  const left = 0.5 - half + reach + 1;
  const [r, l] = [Math.floor(right), Math.floor(left)];
  const [fr, fl] = [right - r, left - l];
  for (let x = 0; x < width; x++) {
    const a = sums[x + r] as number;
    const b = sums[x + l] as number;
    const upper = a + fr * ((sums[x + r + 1] as number) - a);
    const lower = b + fl * ((sums[x + l + 1] as number) - b);
    out[at + x] = (out[at + x] as number) + upper - lower;
  }
}
