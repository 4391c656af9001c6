import type { Extent } from '@emoeditor/shared';
import type { Layer, PixelData } from './agPsd.ts';

/** Draws plain 8-bit layers over each other, bottom first, with their opacity (Porter–Duff over, straight alpha). */
export function flattenLayers(layers: readonly Layer[], { width, height }: Extent): PixelData {
  const data = new Uint8ClampedArray(width * height * 4);
  for (const { imageData, left = 0, top = 0, opacity = 1 } of layers) {
    if (imageData === undefined) continue;
    const lastColumn = Math.min(width, left + imageData.width);
    const lastRow = Math.min(height, top + imageData.height);
    for (let y = Math.max(0, top); y < lastRow; y++) {
      for (let x = Math.max(0, left); x < lastColumn; x++) {
        const from = ((y - top) * imageData.width + x - left) * 4;
        const to = (y * width + x) * 4;
        const above = ((imageData.data[from + 3] as number) / 255) * opacity;
        if (above === 0) continue;
        const below = ((data[to + 3] as number) / 255) * (1 - above);
        const alpha = above + below;
        for (let k = 0; k < 3; k++) {
          const mixed =
            (imageData.data[from + k] as number) * above + (data[to + k] as number) * below;
          data[to + k] = mixed / alpha;
        }
        data[to + 3] = alpha * 255;
      }
    }
  }
  return { width, height, data };
}
