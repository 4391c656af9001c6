import type { Extent } from '@emoeditor/shared';
import { ImageError } from '../imageError.ts';
import type { Samples } from './channelCodec.ts';
import { encodeLayer, PLAIN_LOOK, TRANSPARENCY_LOCKED } from './encodeLayer.ts';
import { type Insertion, insertionOf, layersOf, type ResultLayers } from './insertResult.ts';
import type { LayerNode } from './layerTree.ts';
import { readMerged } from './merged.ts';
import {
  asSample,
  extentOf,
  isOpaque,
  type LayerPlanes,
  layerPlanes,
  planeLike,
  rangeOf,
  toPlanes,
} from './pixels.ts';
import { placementOf } from './placement.ts';
import { type PsdFile, resourceOf } from './psdFile.ts';
import { seenShare } from './seenShare.ts';

/** What of a document is edited. */
export interface PsdSource {
  readonly name: string;
  readonly extent: Extent;
  readonly left: number;
  readonly top: number;
  /** @throws RangeError when the channels are damaged */
  planes(): LayerPlanes;
  /** Whether the result may be a group. */
  takesGroup(planes: LayerPlanes): boolean;
  insertion(planes: LayerPlanes, result: ResultLayers): Insertion;
  /** See {@link seenShare}. */
  share(planes: LayerPlanes): Float32Array | null;
}

export function layerSource(
  file: PsdFile,
  roots: readonly LayerNode[],
  node: LayerNode,
): PsdSource {
  const { record } = node;
  const siblings = node.parent?.children ?? roots;
  return {
    name: node.name,
    extent: extentOf(record),
    left: record.left,
    top: record.top,
    planes: () => layerPlanes(file, record),
    takesGroup: (planes) =>
      !record.isClipped && placementOf(file.bytes, node, siblings, isOpaque(planes)) === 'plain',
    insertion: (planes, result) => insertionOf(file, node, siblings, planes, result),
    share: () => seenShare(file, roots, node),
  };
}

/** A document without layers: its picture becomes the layer "Background". Extra channels are saved selections. */
export function flatSource(file: PsdFile): PsdSource {
  const { header } = file;
  return {
    ...wholeCanvas(file, 'Background'),
    planes: () => ({ colour: mergedColour(readMerged(file).planes), alpha: null }),
    insertion: (planes, result) => {
      const made = layersOf(file, { left: 0, top: 0 }, result, singleLayer(result, planes));
      const encoded = [backgroundLayer(planes, header, header.isLarge), ...made.encoded];
      const { linked } = made;
      return { layers: { above: -1, encoded, linked }, hidden: null, placement: 'plain' };
    },
  };
}

/** Id of the background: those of results begin behind the file's own. */
const BACKGROUND_ID = 1;

export function backgroundLayer({ colour }: LayerPlanes, extent: Extent, isLarge: boolean) {
  const look = { ...PLAIN_LOOK, flags: PLAIN_LOOK.flags | TRANSPARENCY_LOCKED };
  const channels = colour.map((samples, id) => ({ id, samples }));
  const place = { left: 0, top: 0, extent };
  return encodeLayer({ name: 'Background', id: BACKGROUND_ID, ...place, channels, look }, isLarge);
}

/**
 * What is visible, as the file's merged picture shows it. The result covers it from the top.
 * @throws ImageError UNSUPPORTED when the file was saved without one
 */
export function visibleSource(file: PsdFile, name: string): PsdSource {
  const { header, layers } = file;
  const version = resourceOf(file, VERSION_INFO);
  if (version !== null && version.length > 4 && version[4] === 0) {
    throw new ImageError(
      'UNSUPPORTED',
      `${name} was saved without a merged picture, so the file does not hold what is visible.`,
      'Save it in Photoshop with “Maximize Compatibility”, or name a layer with --layer.',
    );
  }
  if (layers.list === null) return flatSource(file);
  const hasAlpha = layers.list.count < 0 && header.channels > 3;
  return {
    ...wholeCanvas(file, 'what is visible'),
    planes() {
      const { planes } = readMerged(file);
      const colour = mergedColour(planes);
      const alpha = hasAlpha ? (planes[3] ?? null) : null;
      if (alpha !== null) for (const plane of colour) removeWhite(plane, alpha);
      return { colour, alpha };
    },
    insertion: (planes, result) => ({
      layers: {
        above: (layers.list?.records.length ?? 0) - 1,
        ...layersOf(file, { left: 0, top: 0 }, result, singleLayer(result, planes)),
      },
      hidden: null,
      placement: 'plain',
    }),
  };
}

/** Version info; its fifth byte tells whether the merged picture is real. */
const VERSION_INFO = 1057;

function wholeCanvas({ header }: PsdFile, name: string) {
  const extent = { width: header.width, height: header.height };
  return {
    ...{ name, extent, left: 0, top: 0 },
    takesGroup: isOpaque,
    share: ({ colour, alpha }: LayerPlanes) => {
      const share = new Float32Array(colour[0].length);
      const range = rangeOf(colour[0]);
      return alpha === null ? share.fill(1) : share.map((_, i) => (alpha[i] === range ? 1 : 0));
    },
  };
}

/**
 * One layer over the whole canvas. Where the document is half transparent the result leaves it alone: over itself, a
 * half-transparent pixel becomes more opaque.
 */
function singleLayer({ pixels }: ResultLayers, planes: LayerPlanes) {
  const { alpha, colour } = planes;
  const range = rangeOf(colour[0]);
  const own = toPlanes(pixels).colour;
  const solid =
    alpha === null
      ? planeLike(colour[0]).fill(range)
      : alpha.map((value: number) => (value === range ? range : 0));
  return {
    look: PLAIN_LOOK,
    alpha: solid,
    channels: [{ id: -1, samples: solid }, ...own.map((samples, id) => ({ id, samples }))],
  };
}

function mergedColour(planes: readonly Samples[]): [Samples, Samples, Samples] {
  const [red, green, blue] = planes;
  if (red === undefined || green === undefined || blue === undefined) {
    throw new RangeError(`Expected three colour channels but the picture has ${planes.length}.`);
  }
  return [red, green, blue];
}

/** Merged colours lie over white where the document is transparent: c = a·colour + (1 − a)·white. */
function removeWhite(plane: Samples, alpha: Samples): void {
  const range = rangeOf(plane);
  for (let i = 0; i < plane.length; i++) {
    const a = (alpha[i] as number) / range;
    if (a === 0 || a === 1) continue;
    const colour = ((plane[i] as number) - (1 - a) * range) / a;
    plane[i] = asSample(colour, range);
  }
}
