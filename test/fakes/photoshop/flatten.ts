import type { Content, LayerContent } from './content.ts';
import {
  type Depth,
  type Edges,
  heightOf,
  intersect,
  isEmpty,
  rangeOf,
  type Samples,
  widthOf,
} from './raster.ts';

/** 8-bit RGBA, not premultiplied. */
export interface FlatPicture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * What the document shows in a region: visible layers from the bottom up in normal mode, with opacity, masks and
 * clipping. Groups pass through; text, adjustment and fill layers without pixels show nothing.
 */
export function flatten(content: Content, depth: Depth, region: Edges): FlatPicture {
  const [width, height] = [widthOf(region), heightOf(region)];
  const out = new Float32Array(width * height * 4);
  paint(content.layers, depth, region, out, 1);
  const rgba = new Uint8ClampedArray(out.length);
  for (let i = 0; i < out.length; i += 4) {
    const alpha = out[i + 3] as number;
    const scale = alpha > 0 ? 255 / alpha : 0;
    for (let k = 0; k < 3; k++) rgba[i + k] = (out[i + k] as number) * scale;
    rgba[i + 3] = alpha * 255;
  }
  return { width, height, rgba };
}

/** Premultiplied RGBA in 0..1 over what is in `out`. */
function paint(
  layers: readonly LayerContent[],
  depth: Depth,
  region: Edges,
  out: Float32Array,
  opacity: number,
): void {
  for (let index = layers.length - 1; index >= 0; index--) {
    const layer = layers[index] as LayerContent;
    if (!layer.visible) continue;
    const share = (opacity * layer.opacity) / 100;
    if (layer.kind === 'group') {
      paint(layer.children, depth, region, out, share);
      continue;
    }
    const area = intersect(region, layer.pixels.bounds);
    if (isEmpty(area)) continue;
    const base = layer.isClippingMask ? clippingBase(layers, index) : null;
    over(out, region, area, {
      pixels: layer.pixels.read(area),
      mask: layer.mask?.read(area) ?? null,
      base: base?.pixels.read(area) ?? null,
      range: rangeOf(depth),
      opacity: share,
    });
  }
}

/** The first layer below that is not clipped itself. */
function clippingBase(layers: readonly LayerContent[], index: number): LayerContent | null {
  return layers.slice(index + 1).find(({ isClippingMask }) => !isClippingMask) ?? null;
}

interface Source {
  readonly pixels: Samples;
  readonly mask: Samples | null;
  readonly base: Samples | null;
  readonly range: number;
  readonly opacity: number;
}

function over(
  out: Float32Array,
  region: Edges,
  area: Edges,
  { pixels, mask, base, range, opacity }: Source,
): void {
  const width = widthOf(area);
  for (let y = 0; y < heightOf(area); y++) {
    let to = ((y + area.top - region.top) * widthOf(region) + (area.left - region.left)) * 4;
    for (let x = 0, at = y * width; x < width; x++, at++, to += 4) {
      let alpha = ((pixels[at * 4 + 3] as number) / range) * opacity;
      if (mask !== null) alpha *= (mask[at] as number) / 255;
      if (base !== null) alpha *= (base[at * 4 + 3] as number) / range;
      if (alpha === 0) continue;
      for (let k = 0; k < 3; k++) {
        out[to + k] =
          ((pixels[at * 4 + k] as number) / range) * alpha + (out[to + k] as number) * (1 - alpha);
      }
      out[to + 3] = alpha + (out[to + 3] as number) * (1 - alpha);
    }
  }
}
