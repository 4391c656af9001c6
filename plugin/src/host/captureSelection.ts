import type { Bounds, Extent } from '@emoeditor/shared';
import type { EditRegion } from './hostPort.ts';
import { type ImagePixels, rangeOf } from './imagePixels.ts';
import type { ReadSelection } from './selectionReader.ts';

/** Rows of a selection that are held at a time: it may be as large as the document. */
const STRIP_PIXELS = 4_000_000;

/**
 * How far an edit will show in each pixel at working size, 0 to 255: the selection, or all but it. Call it in a modal
 * scope.
 */
export async function captureSelection(
  read: ReadSelection,
  { bounds, selection }: EditRegion,
  extent: Extent,
): Promise<Uint8Array> {
  const bins = new Bins(extent);
  const { width, height, left, top } = bounds;
  const rows = Math.max(1, Math.floor(STRIP_PIXELS / width));
  for (let from = 0; from < height; from += rows) {
    const strip = { left, top: top + from, width, height: Math.min(rows, height - from) };
    bins.add(await read(strip), bounds, strip);
  }
  return bins.means(selection === 'keep');
}

/** Sums of full-resolution samples by the pixel at working size that they fall into. */
class Bins {
  readonly #extent: Extent;
  readonly #sums: Float64Array;

  constructor(extent: Extent) {
    this.#extent = extent;
    this.#sums = new Float64Array(extent.width * extent.height);
  }

  /** Adds what lies in the strip. What Photoshop trimmed off is not selected and adds nothing. */
  add(
    { bounds, width, height, components, data }: ImagePixels,
    region: Bounds,
    strip: Bounds,
  ): void {
    if (bounds === null) return;
    const isInStrip = (x: number, y: number) =>
      x >= strip.left &&
      y >= strip.top &&
      x < strip.left + strip.width &&
      y < strip.top + strip.height;
    const { width: columns, height: rows } = this.#extent;
    const scale = 255 / rangeOf(data);
    for (let y = 0; y < height; y += 1) {
      const [top, bottom] = covered(bounds.top + y - region.top, rows / region.height);
      for (let x = 0; x < width; x += 1) {
        const value = (data[(y * width + x) * components] as number) * scale;
        if (value === 0 || !isInStrip(bounds.left + x, bounds.top + y)) continue;
        const [left, right] = covered(bounds.left + x - region.left, columns / region.width);
        for (let v = Math.floor(top); v < bottom && v < rows; v += 1) {
          const high = Math.min(bottom, v + 1) - Math.max(top, v);
          for (let u = Math.floor(left); u < right && u < columns; u += 1) {
            const wide = Math.min(right, u + 1) - Math.max(left, u);
            const at = v * columns + u;
            this.#sums[at] = (this.#sums[at] as number) + value * wide * high;
          }
        }
      }
    }
  }

  means(isInverted: boolean): Uint8Array {
    return Uint8Array.from(this.#sums, (sum) => {
      const mean = Math.min(255, Math.round(sum));
      return isInverted ? 255 - mean : mean;
    });
  }
}

/** Where a full-resolution pixel begins and ends at working size. */
function covered(index: number, scale: number): readonly [number, number] {
  return [index * scale, (index + 1) * scale];
}
