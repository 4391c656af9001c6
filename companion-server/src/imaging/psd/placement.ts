import type { LayerRecord } from './layerSection.ts';
import { blockOf, type LayerNode, numberOf } from './layerTree.ts';

/**
 * How a result is joined to its source so that the document looks as before where the result equals it:
 * - `plain`: a layer above it. Right where the source simply covers what is below.
 * - `clipped`: clipped to it. The source's transparency, opacity, masks, effects and blend mode then hold for both.
 * - `replacing`: with the source's own look and transparency in its place, the source hidden. For sources that cannot
 *   carry a clipped layer: those that are clipped themselves, or whose clipped layers are blended one by one.
 */
export type Placement = 'plain' | 'clipped' | 'replacing';

/** Blocks of effects. */
const EFFECTS = ['lfx2', 'lrFX', 'lmfx', 'lfxs'];
/** Blocks of vector masks. */
const VECTOR_MASKS = ['vmsk', 'vsms'];

/**
 * @param siblings the list that the source stands in, from the bottom up
 * @param isOpaque whether each of its pixels is
 */
export function placementOf(
  bytes: Uint8Array,
  source: LayerNode,
  siblings: readonly LayerNode[],
  isOpaque: boolean,
): Placement {
  const { record } = source;
  const next = siblings[siblings.indexOf(source) + 1];
  // What is clipped to the source would be clipped to a plain result instead, and vanish with it.
  const isBase = next?.record.isClipped === true && !record.isClipped;
  if (isOpaque && !isBase && !source.isHidden && coversPlainly(bytes, record)) return 'plain';
  return record.isClipped || firstByte(bytes, record, 'clbl') === 0 ? 'replacing' : 'clipped';
}

/** True for a layer that shows as its pixels over what lies below. */
export function coversPlainly(bytes: Uint8Array, record: LayerRecord): boolean {
  return (
    record.blend === 'norm' &&
    record.opacity === 255 &&
    (firstByte(bytes, record, 'iOpa') ?? 255) === 255 &&
    (firstByte(bytes, record, 'knko') ?? 0) === 0 &&
    record.mask.end - record.mask.start === 0 &&
    blockOf(record, ...EFFECTS, ...VECTOR_MASKS) === null &&
    (blockOf(record, 'brst')?.data.end ?? 0) === (blockOf(record, 'brst')?.data.start ?? 0) &&
    hasDefaultRanges(bytes, record)
  );
}

/** True when "Blend If" leaves everything in: black 0, 0 and white 255, 255 everywhere. */
function hasDefaultRanges(bytes: Uint8Array, { blendingRanges }: LayerRecord): boolean {
  for (let at = blendingRanges.start; at + 4 <= blendingRanges.end; at += 4) {
    const isWhole =
      bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 255 && bytes[at + 3] === 255;
    if (!isWhole) return false;
  }
  return true;
}

export function firstByte(bytes: Uint8Array, record: LayerRecord, key: string): number | null {
  const data = blockOf(record, key)?.data;
  return data === undefined || data.end === data.start ? null : (bytes[data.start] as number);
}

/** True for the block `lyid`, whose number is unique in the document. */
export const layerId = (bytes: Uint8Array, record: LayerRecord) => numberOf(bytes, record, 'lyid');
