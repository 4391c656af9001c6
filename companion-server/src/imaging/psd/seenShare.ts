import { decodeChannel } from './channelCodec.ts';
import { isShown } from './chooseLayer.ts';
import { Cursor } from './cursor.ts';
import type { LayerRecord } from './layerSection.ts';
import { blockOf, hasPixels, type LayerNode } from './layerTree.ts';
import { extentOf, rangeOf } from './pixels.ts';
import { coversPlainly, firstByte } from './placement.ts';
import type { PsdFile } from './psdFile.ts';

/**
 * How much of each pixel of the canvas is the source's colour, 0 to 1: what a change of the source changes the merged
 * picture by. Null when that depends on more than coverage: blend modes, effects, adjustments or shapes at or above it.
 * What lies below does not matter.
 * @param roots the document's layers, from the bottom up
 */
export function seenShare(
  file: PsdFile,
  roots: readonly LayerNode[],
  source: LayerNode,
): Float32Array | null {
  const { width, height } = file.header;
  const share = new Float32Array(width * height);
  if (!isShown(source)) return share;
  const own = coverageOf(file, source);
  if (own === null) return null;
  own.visit((at, alpha) => {
    share[at] = alpha;
  });
  const above = (node: LayerNode) => {
    const siblings = node.parent?.children ?? roots;
    return siblings.slice(siblings.indexOf(node) + 1);
  };
  if (source.record.isClipped && !throughBase(file, source, roots, share)) return null;
  let isOwnStack = true;
  for (const node of above(source)) {
    isOwnStack &&= node.record.isClipped;
    // A layer clipped to one above the source changes that one's colour, not what it covers.
    if (node.record.isClipped && !isOwnStack) continue;
    if (!coverWith(file, node, share)) return null;
  }
  for (let group = source.parent; group !== null; group = group.parent) {
    if (!isNeutral(file.bytes, group)) return null;
    for (const node of above(group)) {
      if (!node.record.isClipped && !coverWith(file, node, share)) return null;
    }
  }
  return share;
}

/** Of a clipped layer, only what lies on its base is seen. */
function throughBase(
  file: PsdFile,
  { parent, index }: LayerNode,
  roots: readonly LayerNode[],
  share: Float32Array,
): boolean {
  const below = (parent?.children ?? roots).filter((node) => node.index < index);
  const base = below.reverse().find((node) => !node.record.isClipped);
  const covered = base === undefined ? null : coverageOf(file, base);
  if (base === undefined || covered === null) return false;
  const seen = new Float32Array(share.length);
  if (!base.isHidden) {
    covered.visit((at, alpha) => {
      seen[at] = alpha * (share[at] as number);
    });
  }
  share.set(seen);
  return true;
}

/** Takes away what a layer or group above covers. False when it does more than cover. */
function coverWith(file: PsdFile, node: LayerNode, share: Float32Array): boolean {
  if (node.isHidden) return true;
  if (node.kind === 'group') {
    return (
      isNeutral(file.bytes, node) &&
      node.children.every((child) => child.record.isClipped || coverWith(file, child, share))
    );
  }
  const covered = coverageOf(file, node);
  covered?.visit((at, alpha) => {
    share[at] = (share[at] as number) * (1 - alpha);
  });
  return covered !== null;
}

/** A group that shows as its layers do. */
function isNeutral(bytes: Uint8Array, { record }: LayerNode): boolean {
  const isPlainMode = record.blend === 'pass' || record.blend === 'norm';
  return isPlainMode && !record.isClipped && coversPlainly(bytes, { ...record, blend: 'norm' });
}

/** What a layer covers, decoded but not spread over the canvas: documents have many layers and millions of pixels. */
interface Coverage {
  /** Calls for each pixel of the canvas within the layer, with its opacity there, 0 to 1. */
  visit(see: (at: number, alpha: number) => void): void;
}

/** Null for a layer that is more than Normal, opacity and a pixel mask. */
function coverageOf(file: PsdFile, node: LayerNode): Coverage | null {
  const { bytes, header } = file;
  const { record } = node;
  const fill = firstByte(bytes, record, 'iOpa') ?? 255;
  const plain = {
    ...record,
    opacity: 255,
    mask: { start: 0, end: 0 },
    blocks: record.blocks.filter(({ key }) => key !== 'iOpa'),
  };
  if (!hasPixels(node) || !coversPlainly(bytes, plain)) return null;
  const mask = record.mask.end === record.mask.start ? EVERYWHERE : maskOf(file, record);
  if (mask === null) return null;
  const channel = record.channels.find(({ id }) => id === -1);
  const samples =
    channel === undefined ? null : decodeChannel(bytes, channel.data, extentOf(record), header);
  const scale = (record.opacity * fill) / 255 ** 2 / (samples === null ? 1 : rangeOf(samples));
  const { top, left, bottom, right } = record;
  return {
    visit(see) {
      for (let y = Math.max(0, top); y < Math.min(header.height, bottom); y++) {
        for (let x = Math.max(0, left); x < Math.min(header.width, right); x++) {
          const own = samples?.[(y - top) * (right - left) + x - left] ?? 1;
          see(y * header.width + x, own * scale * mask(x, y));
        }
      }
    },
  };
}

/** What a mask lets through at a pixel of the canvas, 0 to 1. */
type Mask = (x: number, y: number) => number;
const EVERYWHERE: Mask = () => 1;

const MASK_DISABLED = 0x02;
const MASK_HAS_DENSITY_OR_FEATHER = 0x10;

/** The layer's pixel mask; null when it is not pixels alone. */
function maskOf(file: PsdFile, record: LayerRecord): Mask | null {
  const cursor = new Cursor(file.bytes, record.mask.start, record.mask.end);
  const [top, left, bottom, right] = [cursor.i32(), cursor.i32(), cursor.i32(), cursor.i32()];
  const outside = cursor.u8() / 255;
  const flags = cursor.u8();
  if (flags & MASK_DISABLED) return EVERYWHERE;
  const channel = record.channels.find(({ id }) => id === -2);
  const isPlain =
    !(flags & MASK_HAS_DENSITY_OR_FEATHER) && blockOf(record, 'vmsk', 'vsms') === null;
  if (channel === undefined || !isPlain || right < left || bottom < top) return null;
  const extent = { width: right - left, height: bottom - top };
  if (extent.width === 0 || extent.height === 0) return () => outside;
  const samples = decodeChannel(file.bytes, channel.data, extent, file.header);
  const scale = 1 / rangeOf(samples);
  return (x, y) =>
    x < left || y < top || x >= right || y >= bottom
      ? outside
      : (samples[(y - top) * extent.width + x - left] as number) * scale;
}
