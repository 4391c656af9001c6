import type { Bounds, Extent } from '@emoeditor/shared';
import { type ImagePixels, rangeOf } from './imagePixels.ts';
import { type Edges, edgesOf } from './rectangle.ts';

/** What the model sees where the layer is transparent: the least telling colour there is. */
const NEUTRAL = 0.5;

/**
 * Photoshop's scaled pixels as the model's picture: 8-bit RGB of exactly `extent`, over neutral grey.
 * Photoshop trims what it returns to where there are pixels and may round the size it was asked for, so the pixels
 * are put where their bounds say, box-filtered, colour weighted by alpha.
 * @param region the part of the document that `extent` shows
 * @returns null when there is nothing to see anywhere
 */
export function proxyPixels(image: ImagePixels, region: Bounds, extent: Extent): Uint8Array | null {
  const { components, data } = image;
  if (image.bounds === null) return null;
  const bounds = snapped(image.bounds, region, image.coarseness);
  const range = rangeOf(data);
  const hasAlpha = components === 4;
  const columns = spans(
    extent.width,
    region.left,
    region.width,
    bounds.left,
    bounds.width,
    image.width,
  );
  const rows = spans(
    extent.height,
    region.top,
    region.height,
    bounds.top,
    bounds.height,
    image.height,
  );
  const rgb = new Uint8Array(extent.width * extent.height * 3);
  let greatestAlpha = 0;
  for (let y = 0; y < extent.height; y += 1) {
    const row = rows[y] as Span;
    for (let x = 0; x < extent.width; x += 1) {
      const column = columns[x] as Span;
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      for (let v = row.from; v < row.to; v += 1) {
        for (let u = column.from; u < column.to; u += 1) {
          const weight = row.weight(v) * column.weight(u);
          const at = (v * image.width + u) * components;
          const opacity = hasAlpha ? ((data[at + 3] as number) / range) * weight : weight;
          red += ((data[at] as number) / range) * opacity;
          green += ((data[at + 1] as number) / range) * opacity;
          blue += ((data[at + 2] as number) / range) * opacity;
          alpha += opacity;
        }
      }
      greatestAlpha = Math.max(greatestAlpha, alpha);
      const rest = (1 - Math.min(1, alpha)) * NEUTRAL;
      const to = (y * extent.width + x) * 3;
      rgb[to] = Math.round(255 * Math.min(1, red + rest));
      rgb[to + 1] = Math.round(255 * Math.min(1, green + rest));
      rgb[to + 2] = Math.round(255 * Math.min(1, blue + rest));
    }
  }
  // Less than one opaque 8-bit step anywhere: nothing that an edit could be seen on.
  return greatestAlpha < 1 / 255 ? null : rgb;
}

/** Bounds off by less than a pixel of the pyramid level are off by its rounding alone. */
function snapped(bounds: Bounds, region: Bounds, coarseness: number): Bounds {
  const [is, should] = [edgesOf(bounds), edgesOf(region)];
  const edge = (key: keyof Edges) =>
    Math.abs(is[key] - should[key]) < coarseness ? should[key] : is[key];
  const [left, top] = [edge('left'), edge('top')];
  return { left, top, width: edge('right') - left, height: edge('bottom') - top };
}

/** The source samples under one target sample, and how much of the target each covers (in all at most 1). */
interface Span {
  readonly from: number;
  readonly to: number;
  weight(sample: number): number;
}

function spans(
  count: number,
  regionStart: number,
  regionLength: number,
  imageStart: number,
  imageLength: number,
  samples: number,
): Span[] {
  const perTarget = regionLength / count;
  const toSample = samples / imageLength;
  return Array.from({ length: count }, (_, index) => {
    const start = (regionStart + index * perTarget - imageStart) * toSample;
    const end = start + perTarget * toSample;
    const from = Math.max(0, Math.floor(start + 1e-9));
    const to = Math.min(samples, Math.ceil(end - 1e-9));
    const weight = (sample: number) =>
      Math.max(0, Math.min(end, sample + 1) - Math.max(start, sample)) / (end - start);
    return { from, to, weight };
  });
}
