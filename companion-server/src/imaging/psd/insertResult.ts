import type { Extent, PixelBuffer } from '@emoeditor/shared';
import type { LayerAbove } from '../editableDocument.ts';
import { resultsAbove } from './earlierResults.ts';
import {
  type EncodedLayer,
  encodeLayer,
  groupRecords,
  HIDDEN,
  type NewChannel,
  type NewLayer,
  PLAIN_LOOK,
} from './encodeLayer.ts';
import { newLayerIds } from './layerIds.ts';
import { type CopiedLook, copiedLook } from './layerLook.ts';
import type { LayerRecord } from './layerSection.ts';
import type { LayerNode } from './layerTree.ts';
import { isOpaque, type LayerPlanes, planeLike, rangeOf, toPlanes } from './pixels.ts';
import { type Placement, placementOf } from './placement.ts';
import type { PsdFile } from './psdFile.ts';
import { smartObject } from './smartObject.ts';
import type { NewLayers, PsdChanges } from './splice.ts';

/** A result as layers: one, or a group of a grade and what lies above it. */
export interface ResultLayers {
  readonly name: string;
  /** The whole edit, or the grade of a group. */
  readonly pixels: PixelBuffer;
  /** What a group has above its grade; null for one layer. */
  readonly above: readonly LayerAbove[] | null;
  /** Whether the one layer is an embedded smart object. */
  readonly isSmartObject: boolean;
}

export interface Insertion {
  readonly layers: PsdChanges['layers'];
  readonly hidden: PsdChanges['hidden'];
  readonly placement: Placement;
}

/**
 * Where a result goes and how it is written, so that the document looks as before where the result equals its source:
 * above the source and its earlier results.
 * @param siblings the list that the source stands in, from the bottom up
 * @param planes the source's own
 */
export function insertionOf(
  file: PsdFile,
  source: LayerNode,
  siblings: readonly LayerNode[],
  planes: LayerPlanes,
  result: ResultLayers,
): Insertion {
  const { bytes } = file;
  const placement = placementOf(bytes, source, siblings, isOpaque(planes));
  const { record } = source;
  const clips = placement === 'clipped' || record.isClipped;
  // One that is clipped otherwise belongs to another stack of clipped layers.
  const earlier = resultsAbove(siblings, source).filter(
    (node) => placement === 'replacing' || node.record.isClipped === clips,
  );
  const top = earlier.at(-1) ?? source;
  const stand = placement === 'replacing' ? top : null;
  const copied = stand === null ? null : copiedLook(bytes, record, stand.record.flags);
  const look = copied?.look ?? { ...PLAIN_LOOK, isClipped: clips };
  const place = { left: record.left, top: record.top };
  const channels = channelsOf(file, record, planes, result.pixels, copied);
  const alpha = stand === null ? solidAlpha(planes) : planes.alpha;
  const made = layersOf(file, place, result, { look, channels, alpha });
  return {
    layers: { above: top.index, ...made },
    hidden: stand === null || (stand.record.flags & HIDDEN) !== 0 ? null : stand.index,
    placement,
  };
}

/** How a result is written when it is one layer. */
interface SingleLayer extends Pick<NewLayer, 'look' | 'channels'> {
  /** What its transparency is, the channel -1; null without one. */
  readonly alpha: LayerPlanes['alpha'];
}

/** The records of a result at that place. */
export function layersOf(
  file: PsdFile,
  place: { readonly left: number; readonly top: number },
  result: ResultLayers,
  { look, channels, alpha }: SingleLayer,
): Pick<NewLayers, 'encoded' | 'linked'> {
  const ids = newLayerIds(file);
  const { isLarge } = file.header;
  if (result.above !== null) {
    return { encoded: groupOf(result, place, ids, isLarge), linked: null };
  }
  const { name, pixels } = result;
  const layer = { name, id: ids(), ...place, extent: pixels.format, channels };
  if (!result.isSmartObject)
    return { encoded: [encodeLayer({ ...layer, look }, isLarge)], linked: null };
  const { width, height } = pixels.format;
  const planes = { colour: toPlanes(pixels).colour, alpha };
  const { blocks, linked } = smartObject(file, name, layer.id, { ...place, width, height }, planes);
  const smart = { ...look, blocks: [...look.blocks, ...blocks] };
  return { encoded: [encodeLayer({ ...layer, look: smart }, isLarge)], linked };
}

/** Channels of the result in the order -1, 0, 1, 2; in its source's place with that one's transparency and masks. */
function channelsOf(
  { bytes }: PsdFile,
  record: LayerRecord,
  planes: LayerPlanes,
  pixels: PixelBuffer,
  copied: CopiedLook | null,
): NewChannel[] {
  const colour = toPlanes(pixels).colour.map((samples, id) => ({ id, samples }));
  if (copied === null) return [{ id: -1, samples: solidAlpha(planes) }, ...colour];
  const own = record.channels
    .filter(({ id }) => id === -1)
    .map(({ id, data }) => ({ id, stored: bytes.subarray(data.start, data.end) }));
  return [...own, ...colour, ...copied.masks];
}

/**
 * Opaque wherever the source has anything. A source with soft edges has the result clipped to it, and its edges then
 * hold for both; softened twice, the photograph would show through.
 */
export function solidAlpha({ alpha, colour }: LayerPlanes) {
  const [red] = colour;
  const range = rangeOf(red);
  if (alpha === null) return planeLike(red).fill(range);
  return alpha.map((value: number) => (value === 0 ? 0 : range));
}

function groupOf(
  { name, pixels, above }: ResultLayers,
  place: { readonly left: number; readonly top: number },
  ids: () => number,
  isLarge: boolean,
): EncodedLayer[] {
  const layer = (part: string, from: PixelBuffer, isClipped: boolean) => {
    const extent: Extent = from.format;
    const { colour, alpha } = toPlanes(from);
    const opaque = planeLike(colour[0]).fill(rangeOf(colour[0]));
    const channels = [-1, 0, 1, 2].map((id) => ({
      id,
      samples: id === -1 ? (alpha ?? opaque) : (colour[id] as typeof opaque),
    }));
    const look = { ...PLAIN_LOOK, isClipped };
    return encodeLayer({ name: part, id: ids(), ...place, extent, channels, look }, isLarge);
  };
  const ends = groupRecords(name, { boundary: ids(), head: ids() }, isLarge);
  const clipped = (above ?? []).map((one) => layer(one.name, one.pixels, true));
  return [ends.boundary, layer('Grade', pixels, false), ...clipped, ends.head];
}

/** The whole edit: all layers of a group over its grade, in Normal mode. */
export function overGrade({ pixels, above }: Pick<ResultLayers, 'pixels' | 'above'>): PixelBuffer {
  if (above === null || above.length === 0) return pixels;
  // Not `slice`: of a Buffer that would be the same memory.
  const data =
    pixels.data instanceof Uint8Array ? new Uint8Array(pixels.data) : pixels.data.slice();
  const { channels, range, sample } = pixels.format;
  const whole = sample === 'float32' ? (value: number) => value : Math.round;
  for (const { data: layer } of above.map((one) => one.pixels)) {
    for (let i = 0; i < data.length / channels; i++) {
      const alpha = (layer[i * 4 + 3] as number) / range;
      if (alpha === 0) continue;
      for (let k = 0; k < 3; k++) {
        const below = data[i * channels + k] as number;
        data[i * channels + k] = whole(below + alpha * ((layer[i * 4 + k] as number) - below));
      }
    }
  }
  return { format: pixels.format, data };
}
