import { Cursor, type Range } from '@emoeditor/companion-server/imaging/psd/cursor.ts';
import { HIDDEN } from '@emoeditor/companion-server/imaging/psd/encodeLayer.ts';
import {
  type LayerBlock,
  type LayerRecord,
  readBlocks,
} from '@emoeditor/companion-server/imaging/psd/layerSection.ts';
import { type PsdFile, parsePsd } from '@emoeditor/companion-server/imaging/psd/psdFile.ts';

/** Resources that count layers by their place in the list: the active one, linked ones, enabled groups. */
const COUNTED: ReadonlySet<number> = new Set([1024, 1026, 1072]);
/** Blocks that hold the list of layers of 16 and 32 bits, which is compared layer by layer. */
const LISTS: ReadonlySet<string> = new Set(['Lr16', 'Lr32']);
/** The block of embedded files, to whose end a result that is a smart object adds its own. */
const EMBEDDED = 'lnk2';

/**
 * What of a document is not byte for byte in the result of an edit that changes nothing: its header, resources, layers
 * with their channels, global blocks, merged picture. Only resources that count layers by their place may differ, the eye
 * of a layer that its result stands in for, and the layer section of a document that had none.
 * @returns what is missing, or null
 */
export function lostPart(before: Uint8Array, after: Uint8Array): string | null {
  const [old, now] = [parsePsd(before), parsePsd(after)];
  if (!equal(bytesAt(old, { start: 0, end: 26 }), bytesAt(now, { start: 0, end: 26 }))) {
    return 'the header is not what it was';
  }
  return (
    lostResource(old, now) ??
    lostLayer(old, now) ??
    lostBlock(old, now) ??
    (equal(bytesAt(old, old.merged), bytesAt(now, now.merged))
      ? null
      : 'the merged picture is not what it was')
  );
}

function lostResource(old: PsdFile, now: PsdFile): string | null {
  const kept = ({ resources }: PsdFile) => resources.filter(({ id }) => !COUNTED.has(id));
  const [wanted, found] = [kept(old), kept(now)];
  const at = wanted.findIndex(({ block }, index) => {
    const same = found[index];
    return same === undefined || !equal(bytesAt(old, block), bytesAt(now, same.block));
  });
  return at === -1 ? null : `the resource ${wanted[at]?.id} is not what it was`;
}

/** Former records are in the result in their order, with the same bytes and the same channels. */
function lostLayer(old: PsdFile, now: PsdFile): string | null {
  const found = now.layers.list?.records ?? [];
  let at = 0;
  for (const record of old.layers.list?.records ?? []) {
    const wanted = partsOf(old, record, false);
    // A result may stand in its place: then it is hidden.
    const hidden = partsOf(old, record, true);
    const isThere = (other: LayerRecord) => {
      const parts = partsOf(now, other, false);
      return isSame(parts, wanted) || isSame(parts, hidden);
    };
    while (at < found.length && !isThere(found[at] as LayerRecord)) at++;
    if (at === found.length) return `the layer “${record.shortName}” is not what it was`;
    at++;
  }
  return null;
}

/** The record and its channels. @param isHidden whether the record is to say so, whatever it says */
function partsOf(file: PsdFile, { range, flagsAt, channels }: LayerRecord, isHidden: boolean) {
  const record = Buffer.from(bytesAt(file, range));
  const flag = flagsAt - range.start;
  if (isHidden) record[flag] = (record[flag] as number) | HIDDEN;
  return [record, ...channels.map(({ data }) => bytesAt(file, data))];
}

const isSame = (one: readonly Uint8Array[], other: readonly Uint8Array[]) =>
  one.length === other.length && one.every((part, k) => equal(part, other[k] as Uint8Array));

/** The global layer mask and the blocks behind it. */
function lostBlock(old: PsdFile, now: PsdFile): string | null {
  if (old.layers.list === null) return null;
  const [wanted, found] = [globalBlocks(old), globalBlocks(now)];
  if (!equal(wanted.mask, found.mask)) return 'the global layer mask is not what it was';
  const at = wanted.blocks.findIndex((block, index) => {
    const same = found.blocks[index];
    if (same?.key !== block.key) return true;
    if (LISTS.has(block.key)) return false;
    const isGrowing = block.key === EMBEDDED;
    const [former, present] = [bytesAt(old, block.data), bytesAt(now, same.data)];
    return !equal(former, isGrowing ? present.subarray(0, former.length) : present);
  });
  return at === -1 ? null : `the block ${wanted.blocks[at]?.key} is not what it was`;
}

function globalBlocks(file: PsdFile): { mask: Uint8Array; blocks: LayerBlock[] } {
  const { start, end } = file.layers.rest;
  const cursor = new Cursor(file.bytes, start, end);
  if (cursor.left < 4) return { mask: new Uint8Array(), blocks: [] };
  const mask = cursor.range(Math.min(cursor.u32(), cursor.left));
  return { mask: bytesAt(file, mask), blocks: readBlocks(cursor, file.header.isLarge) };
}

const bytesAt = ({ bytes }: PsdFile, { start, end }: Range) => bytes.subarray(start, end);

const equal = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0;
