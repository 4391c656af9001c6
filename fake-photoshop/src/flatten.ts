import { boundsOfLayer, type Content, type LayerContent } from './content.ts';
import { type Edges, heightOf, intersect, isEmpty, widthOf } from './edges.ts';
import { type Depth, newSamples, Raster, rangeOf, type Samples } from './raster.ts';

/** 8-bit RGBA, not premultiplied. */
export interface FlatPicture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/**
 * What an RGB document shows in a region, in its own profile: visible layers from the bottom up in normal mode, with
 * opacity, masks and clipping. Groups are Pass Through unless a mask, an opacity or clipped layers require them to be
 * merged first; text, adjustment and fill layers without pixels show nothing.
 */
export function flatten(content: Content, depth: Depth, region: Edges): FlatPicture {
  const [width, height] = [widthOf(region), heightOf(region)];
  const out = painted(content.layers, depth, region);
  const rgba = new Uint8ClampedArray(out.length);
  for (let i = 0; i < out.length; i += 4) {
    const alpha = out[i + 3] as number;
    const scale = alpha > 0 ? 255 / alpha : 0;
    for (let k = 0; k < 3; k++) rgba[i + k] = (out[i + k] as number) * scale;
    rgba[i + 3] = alpha * 255;
  }
  return { width, height, rgba };
}

/** The same as samples of the document's own depth, not premultiplied. */
export function flattenedRaster(
  layers: readonly LayerContent[],
  depth: Depth,
  region: Edges,
): Raster {
  const raster = new Raster(depth, 4);
  if (isEmpty(region)) return raster;
  const out = painted(layers, depth, region);
  const range = rangeOf(depth);
  const round = depth === 32 ? (value: number) => value : Math.round;
  const samples = newSamples(depth, out.length);
  for (let i = 0; i < out.length; i += 4) {
    const alpha = out[i + 3] as number;
    for (let k = 0; k < 3; k++) {
      samples[i + k] = alpha > 0 ? round(((out[i + k] as number) / alpha) * range) : 0;
    }
    samples[i + 3] = round(alpha * range);
  }
  return raster.write(region, samples);
}

function painted(layers: readonly LayerContent[], depth: Depth, region: Edges): Float32Array {
  const out = new Float32Array(widthOf(region) * heightOf(region) * 4);
  paint(layers, depth, region, out, 1);
  return out;
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
    // Layers that are clipped to a base are drawn with it; without one they show like any other.
    const isBase = !layer.isClippingMask || index === layers.length - 1;
    if (!isBase) continue;
    const clipped = clippedTo(layers, index);
    if (!layer.visible) continue;
    const share = (opacity * layer.opacity * layer.fillOpacity) / 10_000;
    const isOpen = share === opacity && layer.mask === null && clipped.length === 0;
    if (layer.kind === 'group' && isOpen) {
      paint(layer.children, depth, region, out, share);
      continue;
    }
    const area = intersect(region, boundsOfLayer(layer));
    if (isEmpty(area)) continue;
    // A group that layers are clipped to, or with an opacity or a mask, is merged first.
    const pixels =
      layer.kind === 'group' ? flattenedRaster(layer.children, depth, area) : layer.pixels;
    const base = sourceOf({ ...layer, pixels }, area, depth, share);
    const above = clipped
      .filter(({ visible }) => visible)
      .map((one) => sourceOf(one, area, depth, one.opacity / 100));
    if (layer.blendsClippedAsGroup) {
      over(out, region, area, base, above);
      continue;
    }
    over(out, region, area, base, []);
    // One after another, each within the base's own transparency and masks.
    const shape = sourceOf({ ...layer, pixels }, area, depth, 1);
    for (const one of above) over(out, region, area, within(one, shape), []);
  }
}

/** The layers directly above that are clipped to this one, from the bottom up. */
function clippedTo(layers: readonly LayerContent[], base: number): LayerContent[] {
  const found: LayerContent[] = [];
  for (let index = base - 1; index >= 0 && layers[index]?.isClippingMask; index--) {
    found.push(layers[index] as LayerContent);
  }
  return found;
}

interface Source {
  readonly pixels: Samples;
  /** Masks that are switched on. */
  readonly masks: readonly { readonly samples: Samples; readonly range: number }[];
  readonly range: number;
  readonly opacity: number;
}

const sourceOf = (
  { pixels, mask, isMaskEnabled, vectorMask }: LayerContent,
  area: Edges,
  depth: Depth,
  opacity: number,
): Source => ({
  pixels: pixels.read(area),
  masks: [isMaskEnabled ? mask : null, vectorMask]
    .filter((one) => one !== null)
    .map((one) => ({ samples: one.read(area), range: rangeOf(one.depth) })),
  range: rangeOf(depth),
  opacity,
});

/** A layer that is also limited by another one's transparency and masks. */
function within(layer: Source, shape: Source): Source {
  const transparency = shape.pixels.filter((_, i) => i % 4 === 3);
  const own = { samples: transparency, range: shape.range };
  return { ...layer, masks: [...layer.masks, ...shape.masks, own] };
}

function alphaOf({ pixels, masks, range, opacity }: Source, at: number): number {
  let alpha = ((pixels[at * 4 + 3] as number) / range) * opacity;
  for (const mask of masks) alpha *= (mask.samples[at] as number) / mask.range;
  return alpha;
}

/**
 * A base with what is clipped to it, as Photoshop's “Blend Clipped Layers as Group” does, which is on by default: the
 * clipped layers change the base's colour, and the base's own transparency and mask decide how much of that shows.
 */
function over(
  out: Float32Array,
  region: Edges,
  area: Edges,
  base: Source,
  clipped: readonly Source[],
): void {
  const width = widthOf(area);
  for (let y = 0; y < heightOf(area); y++) {
    let to = ((y + area.top - region.top) * widthOf(region) + (area.left - region.left)) * 4;
    for (let x = 0, at = y * width; x < width; x++, at++, to += 4) {
      const alpha = alphaOf(base, at);
      if (alpha === 0) continue;
      for (let k = 0; k < 3; k++) {
        let colour = (base.pixels[at * 4 + k] as number) / base.range;
        for (const one of clipped) {
          const share = alphaOf(one, at);
          colour += share * ((one.pixels[at * 4 + k] as number) / one.range - colour);
        }
        out[to + k] = colour * alpha + (out[to + k] as number) * (1 - alpha);
      }
      out[to + 3] = alpha + (out[to + 3] as number) * (1 - alpha);
    }
  }
}
