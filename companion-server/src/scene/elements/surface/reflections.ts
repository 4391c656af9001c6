import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../../compositor/planes.ts';
import type { LightPlanes } from '../elementRenderer.ts';
import { blurred } from '../light/blur.ts';

/** Vertical blurs of the mirrored picture, as shares of the long side; each is a fifth as wide across. */
const SMEARS = [0, 0.004, 0.01, 0.024, 0.06] as const;

/**
 * For every place of the ground the row about which it mirrors: the last one above it that is neither ground nor water
 * nor something that stands on it. Smoothed along the rows, so that gaps in the map do not tear the reflection.
 * @returns rows in shares of the long side
 */
export function contactRows(
  ground: Plane,
  water: Plane,
  standing: Plane,
  extent: Extent,
  horizon: number,
): Plane {
  const { width, height } = extent;
  const side = Math.max(width, height);
  const rows = new Float32Array(ground.length);
  for (let x = 0; x < width; x++) {
    let last = 0;
    let under = 0;
    for (let y = 0; y < height; y++) {
      const i = y * width + x;
      const stands = standing[i] as number;
      if (stands > 0.45) under = 1;
      const isBelow = (y + 0.5) / side > horizon;
      const flat =
        (ground[i] as number) + (water[i] as number) > 0.5 ||
        stands > 0.45 ||
        (under > 0 && isBelow);
      if (!flat) last = y + 1;
      rows[i] = last;
    }
  }
  return smoothedRows(median(rows, extent), extent).map((row) => row / side);
}

/** Median of five neighbours along the rows. */
function median(plane: Plane, { width, height }: Extent): Plane {
  const out = new Float32Array(plane.length);
  const near = new Float32Array(5);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let k = 0; k < 5; k++) {
        const column = Math.min(width - 1, Math.max(0, x + 3 * (k - 2)));
        near[k] = plane[y * width + column] as number;
      }
      near.sort();
      out[y * width + x] = near[2] as number;
    }
  }
  return out;
}

/** Mean along the rows only: contacts of different depths must not mix. */
function smoothedRows(plane: Plane, { width, height }: Extent): Plane {
  const reach = Math.max(1, Math.round(width / 48));
  const out = new Float32Array(plane.length);
  for (let y = 0; y < height; y++) {
    let sum = 0;
    let count = 0;
    for (let x = -reach; x < width; x++) {
      if (x + reach < width) {
        sum += plane[y * width + x + reach] as number;
        count++;
      }
      if (x - reach - 1 >= 0) {
        sum -= plane[y * width + x - reach - 1] as number;
        count--;
      }
      if (x >= 0) out[y * width + x] = sum / count;
    }
  }
  return out;
}

/** The picture without its ground, smeared along the line of sight in steps. */
export function smearedLevels(light: LightPlanes, ground: Plane, extent: Extent): LightPlanes[] {
  const above = light.map((plane) => {
    const soft = blurred(plane, extent, 0.03);
    return plane.map((value, i) => {
      const share = 0.85 * (ground[i] as number);
      return value + share * ((soft[i] as number) - value);
    });
  });
  return SMEARS.map(
    (smear) => above.map((plane) => smeared(plane, extent, smear)) as unknown as LightPlanes,
  );
}

function smeared(plane: Plane, extent: Extent, share: number): Plane {
  if (share === 0) return plane;
  const { width, height } = extent;
  const across = blurred(plane, extent, 0.22 * share);
  const radius = Math.max(1, Math.round(share * Math.max(width, height)));
  return columnMean(columnMean(across, width, height, radius), width, height, radius);
}

export function columnMean(plane: Plane, width: number, height: number, radius: number): Plane {
  const out = new Float32Array(plane.length);
  for (let x = 0; x < width; x++) {
    let sum = 0;
    let count = 0;
    for (let y = -radius; y < height; y++) {
      if (y + radius < height) {
        sum += plane[(y + radius) * width + x] as number;
        count++;
      }
      if (y - radius - 1 >= 0) {
        sum -= plane[(y - radius - 1) * width + x] as number;
        count--;
      }
      if (y >= 0) out[y * width + x] = sum / count;
    }
  }
  return out;
}
