import type { Extent } from '@emoeditor/shared';
import type { Plane } from '../../../compositor/planes.ts';

/** Planes at a smaller size: every pixel is the mean of those that fall into it. */
export interface Shrinking {
  readonly extent: Extent;
  shrink(plane: Plane): Plane;
}

/** @param longSide greatest of the smaller size; planes that are no larger stay as they are */
export function shrinkingTo(longSide: number, { width, height }: Extent): Shrinking {
  const scale = Math.min(1, longSide / Math.max(width, height));
  if (scale === 1) return { extent: { width, height }, shrink: (plane) => plane };
  const extent = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  const cells = new Uint32Array(width * height);
  const counts = new Float32Array(extent.width * extent.height);
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor((y * extent.height) / height) * extent.width;
    for (let x = 0; x < width; x++, i++) {
      const cell = row + Math.floor((x * extent.width) / width);
      cells[i] = cell;
      counts[cell] = (counts[cell] as number) + 1;
    }
  }
  return {
    extent,
    shrink(plane) {
      const out = new Float32Array(counts.length);
      for (let i = 0; i < plane.length; i++) {
        const cell = cells[i] as number;
        out[cell] = (out[cell] as number) + (plane[i] as number);
      }
      for (let cell = 0; cell < out.length; cell++) {
        out[cell] = (out[cell] as number) / (counts[cell] as number);
      }
      return out;
    },
  };
}
