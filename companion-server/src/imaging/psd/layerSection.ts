import { Cursor, type Range } from './cursor.ts';
import type { PsdHeader } from './header.ts';

/** The layer and mask information section. */
export interface LayerSection {
  /** The section with its length. */
  readonly whole: Range;
  /**
   * The list of layers: within the section itself, or for 16 and 32 bits per channel within its block `Lr16` or `Lr32`.
   * Null when the file has no layers.
   */
  readonly list: LayerList | null;
  /** Where the length and content of the main list lie; both are empty when the section is. */
  readonly main: { readonly lengthAt: number; readonly content: Range };
  /** What follows the main list: the global layer mask, then blocks. */
  readonly rest: Range;
}

export interface LayerList {
  /** Key of the block that the list is in; null for the section's own. */
  readonly key: 'Lr16' | 'Lr32' | null;
  /** Where the list's own length lies, and how many bytes it has. */
  readonly lengthAt: number;
  readonly content: Range;
  /** Below 0 when the first extra channel of the merged picture is its transparency. */
  readonly count: number;
  /** From the bottom up. */
  readonly records: readonly LayerRecord[];
  /** Where the channels end; padding follows. */
  readonly channelsEnd: number;
}

/** One layer as the file lists it; a group is two of them. */
export interface LayerRecord {
  readonly range: Range;
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly channels: readonly ChannelPlace[];
  /** Four letters: `norm`, `mul ` … */
  readonly blend: string;
  /** 0 to 255. */
  readonly opacity: number;
  readonly isClipped: boolean;
  readonly flags: number;
  /** Where the flags lie. */
  readonly flagsAt: number;
  readonly mask: Range;
  readonly blendingRanges: Range;
  /** The name in the system's own letters; the block `luni` has the right one. */
  readonly shortName: string;
  readonly blocks: readonly LayerBlock[];
}

export interface ChannelPlace {
  /** 0 to 2 colour, -1 transparency, -2 mask, -3 mask made of a pixel and a vector mask. */
  readonly id: number;
  /** From its compression on. */
  readonly data: Range;
}

export interface LayerBlock {
  readonly key: string;
  readonly data: Range;
  readonly block: Range;
}

/** Blocks whose length has 8 bytes in a PSB. */
const LONG_BLOCKS: ReadonlySet<string> = new Set(
  'LMsk Lr16 Lr32 Layr Mt16 Mt32 Mtrn Alph FMsk lnk2 FEid FXid PxSD cinf'.split(' '),
);

/** @throws RangeError */
export function readLayerSection(cursor: Cursor, header: PsdHeader): LayerSection {
  const start = cursor.at;
  const content = cursor.range(cursor.length(header.isLarge));
  const whole = { start, end: content.end };
  const inner = cursor.within(content);
  if (inner.left < (header.isLarge ? 8 : 4)) {
    const empty = { start: content.start, end: content.start };
    return {
      whole,
      list: null,
      main: { lengthAt: content.start, content: empty },
      rest: { start: content.start, end: content.end },
    };
  }
  const lengthAt = inner.at;
  const main = inner.range(inner.length(header.isLarge));
  const rest = { start: main.end, end: content.end };
  const own = readList(inner.within(main), header, null, lengthAt);
  return {
    whole,
    list: own ?? listInBlock(inner.within(rest), header),
    main: { lengthAt, content: main },
    rest,
  };
}

/** A list in a block behind the global layer mask. */
function listInBlock(cursor: Cursor, header: PsdHeader): LayerList | null {
  if (cursor.left < 4) return null;
  cursor.skip(Math.min(cursor.u32(), cursor.left));
  for (const { key, data } of readBlocks(cursor, header.isLarge)) {
    if (key !== 'Lr16' && key !== 'Lr32') continue;
    const lengthAt = data.start - (header.isLarge ? 8 : 4);
    return readList(cursor.within(data), header, key, lengthAt);
  }
  return null;
}

function readList(
  cursor: Cursor,
  header: PsdHeader,
  key: LayerList['key'],
  lengthAt: number,
): LayerList | null {
  const content = { start: cursor.at, end: cursor.end };
  if (cursor.left < 2) return null;
  const count = cursor.i16();
  if (count === 0) return null;
  const drafts = Array.from({ length: Math.abs(count) }, () => readRecord(cursor, header));
  const records = drafts.map(({ sizes, ...record }) => ({
    ...record,
    channels: sizes.map(({ id, size }) => ({ id, data: cursor.range(size) })),
  }));
  return { key, lengthAt, content, count, records, channelsEnd: cursor.at };
}

function readRecord(cursor: Cursor, { isLarge }: PsdHeader) {
  const start = cursor.at;
  const [top, left, bottom, right] = [cursor.i32(), cursor.i32(), cursor.i32(), cursor.i32()];
  const sizes = Array.from({ length: cursor.u16() }, () => ({
    id: cursor.i16(),
    size: cursor.length(isLarge),
  }));
  cursor.skip(4);
  const blend = cursor.text(4);
  const opacity = cursor.u8();
  const isClipped = cursor.u8() === 1;
  const flagsAt = cursor.at;
  const flags = cursor.u8();
  cursor.skip(1);
  const extra = cursor.within(cursor.range(cursor.u32()));
  const mask = extra.range(extra.u32());
  const blendingRanges = extra.range(extra.u32());
  const nameLength = extra.u8();
  const shortName = extra.text(nameLength);
  // The name fills whole groups of four bytes with its length.
  extra.skip(Math.min(extra.left, (4 - ((nameLength + 1) & 3)) & 3));
  const blocks = readBlocks(extra, isLarge);
  return {
    range: { start, end: extra.end },
    ...{ top, left, bottom, right, sizes, blend, opacity, isClipped, flags, flagsAt },
    ...{ mask, blendingRanges, shortName, blocks },
  };
}

/** Blocks up to the first that is none; what else is there is kept unread. */
export function readBlocks(cursor: Cursor, isLarge: boolean): LayerBlock[] {
  const blocks: LayerBlock[] = [];
  while (toNextBlock(cursor)) {
    const start = cursor.at;
    cursor.skip(4);
    const key = cursor.text(4);
    const isLong = isLarge && LONG_BLOCKS.has(key);
    if (cursor.left < (isLong ? 8 : 4)) break;
    const size = cursor.length(isLong);
    if (size > cursor.left) break;
    blocks.push({ key, data: cursor.range(size), block: { start, end: cursor.at } });
  }
  return blocks;
}

/** Padding up to three bytes may come before a signature. */
function toNextBlock(cursor: Cursor): boolean {
  for (let pad = 0; pad < 4 && cursor.left >= 12 + pad; pad++) {
    const signature = new Cursor(cursor.bytes, cursor.at + pad, cursor.end).text(4);
    if (signature !== '8BIM' && signature !== '8B64') continue;
    cursor.skip(pad);
    return true;
  }
  return false;
}
