import type { Extent } from '@emoeditor/shared';
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
  const canvas = file.header;
  if (!isShown(source)) return new Float32Array(canvas.width * canvas.height);
  const own = coverage(file, source);
  if (own === null) return null;
  const share = own;
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
  { parent, record, index }: LayerNode,
  roots: readonly LayerNode[],
  share: Float32Array,
): boolean {
  const below = (parent?.children ?? roots).filter((node) => node.index < index);
  const base = below.reverse().find((node) => !node.record.isClipped);
  const covered = base === undefined || !record.isClipped ? null : coverage(file, base);
  if (base === undefined || covered === null) return false;
  for (let i = 0; i < share.length; i++) {
    share[i] = base.isHidden ? 0 : (share[i] as number) * (covered[i] as number);
  }
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
  const covered = coverage(file, node);
  if (covered === null) return false;
  for (let i = 0; i < share.length; i++) {
    share[i] = (share[i] as number) * (1 - (covered[i] as number));
  }
  return true;
}

/** A group that shows as its layers do. */
function isNeutral(bytes: Uint8Array, { record }: LayerNode): boolean {
  const isPlainMode = record.blend === 'pass' || record.blend === 'norm';
  return isPlainMode && !record.isClipped && coversPlainly(bytes, { ...record, blend: 'norm' });
}

/** Opacity of a layer at each pixel of the canvas, 0 to 1; null when it is more than Normal, opacity and a pixel mask. */
function coverage(file: PsdFile, node: LayerNode): Float32Array | null {
  const { bytes, header } = file;
  const { record } = node;
  const bare = { ...record, opacity: 255, mask: { start: 0, end: 0 } };
  const fill = firstByte(bytes, record, 'iOpa') ?? 255;
  const plain = { ...bare, blocks: record.blocks.filter(({ key }) => key !== 'iOpa') };
  if (!hasPixels(node) || !coversPlainly(bytes, plain)) return null;
  const out = new Float32Array(header.width * header.height);
  const channel = record.channels.find(({ id }) => id === -1);
  const extent = extentOf(record);
  const samples = channel === undefined ? null : decodeChannel(bytes, channel.data, extent, header);
  const scale = (record.opacity * fill) / 255 ** 2 / (samples === null ? 1 : rangeOf(samples));
  onCanvas(record, header, (from, to) => {
    out[to] = (samples === null ? 1 : (samples[from] as number)) * scale;
  });
  return record.mask.end === record.mask.start || masked(file, record, out) ? out : null;
}

/** Calls for each pixel of a rectangle that lies on the canvas with its place in both. */
function onCanvas(
  { top, left, bottom, right }: Pick<LayerRecord, 'top' | 'left' | 'bottom' | 'right'>,
  { width, height }: Extent,
  visit: (from: number, to: number) => void,
): void {
  for (let y = Math.max(0, top); y < Math.min(height, bottom); y++) {
    for (let x = Math.max(0, left); x < Math.min(width, right); x++) {
      visit((y - top) * (right - left) + x - left, y * width + x);
    }
  }
}

const MASK_DISABLED = 0x02;
const MASK_HAS_DENSITY_OR_FEATHER = 0x10;

/** Multiplies by the layer's pixel mask. False when the mask is not pixels alone. */
function masked(file: PsdFile, record: LayerRecord, out: Float32Array): boolean {
  const cursor = new Cursor(file.bytes, record.mask.start, record.mask.end);
  const [top, left, bottom, right] = [cursor.i32(), cursor.i32(), cursor.i32(), cursor.i32()];
  const outside = cursor.u8() / 255;
  const flags = cursor.u8();
  if (flags & MASK_DISABLED) return true;
  const channel = record.channels.find(({ id }) => id === -2);
  const isPlain =
    !(flags & MASK_HAS_DENSITY_OR_FEATHER) && blockOf(record, 'vmsk', 'vsms') === null;
  if (channel === undefined || !isPlain || right < left || bottom < top) return false;
  const mask = new Float32Array(out.length).fill(outside);
  const extent = { width: right - left, height: bottom - top };
  if (extent.width > 0 && extent.height > 0) {
    const samples = decodeChannel(file.bytes, channel.data, extent, file.header);
    onCanvas({ top, left, bottom, right }, file.header, (from, to) => {
      mask[to] = (samples[from] as number) / rangeOf(samples);
    });
  }
  for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) * (mask[i] as number);
  return true;
}
