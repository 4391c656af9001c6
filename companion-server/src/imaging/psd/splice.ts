import { Cursor, type Range } from './cursor.ts';
import { type EncodedLayer, HIDDEN } from './encodeLayer.ts';
import type { LayerList } from './layerSection.ts';
import { length, total } from './lengths.ts';
import { withLinkedFile } from './linkedFiles.ts';
import type { PsdFile } from './psdFile.ts';

/** What changes in a document. All other bytes are copied as they stand. */
export interface PsdChanges {
  /** New layers above the record of that index, from the bottom up. */
  readonly layers: NewLayers;
  /** Index of a record that is hidden, or null. */
  readonly hidden: number | null;
  /** Resources with new data; one that the file lacks is added at the end. */
  readonly resources: ReadonlyMap<number, Uint8Array>;
  /** The merged picture from its compression on, or null when it stays. */
  readonly merged: readonly Uint8Array[] | null;
  /** Whether the fourth plane of a document without layers is its transparency; otherwise it is a saved selection. */
  readonly isTransparent?: boolean;
}

export interface NewLayers {
  readonly above: number;
  readonly encoded: readonly EncodedLayer[];
  /** The embedded file that one of them shows; null for none. */
  readonly linked: Buffer | null;
}

/** The document with those changes. */
export function spliced(file: PsdFile, changes: PsdChanges): Buffer {
  const { bytes, resourceSection, merged } = file;
  return Buffer.concat([
    bytes.subarray(0, resourceSection.start),
    ...resourcesWith(file, changes.resources),
    ...layerSectionWith(file, changes),
    ...(changes.merged ?? [part(file, merged)]),
  ]);
}

const part = ({ bytes }: PsdFile, { start, end }: Range) => bytes.subarray(start, end);

function resourcesWith(file: PsdFile, changed: ReadonlyMap<number, Uint8Array>): Uint8Array[] {
  const missing = new Map(changed);
  const blocks = file.resources.map(({ id, block }) => {
    const data = missing.get(id);
    missing.delete(id);
    return data === undefined ? part(file, block) : resourceBlock(id, data);
  });
  for (const [id, data] of missing) blocks.push(resourceBlock(id, data));
  return [length(total(blocks), false), ...blocks];
}

/** A resource without a name. */
export function resourceBlock(id: number, data: Uint8Array): Buffer {
  const block = Buffer.alloc(12 + data.length + (data.length & 1));
  block.write('8BIM', 0, 'latin1');
  block.writeUInt16BE(id, 4);
  block.writeUInt32BE(data.length, 8);
  block.set(data, 12);
  return block;
}

function layerSectionWith(file: PsdFile, changes: PsdChanges): Uint8Array[] {
  const { layers, header } = file;
  const { isLarge } = header;
  const { list, main, rest } = layers;
  const content = listWith(file, changes);
  let parts: Uint8Array[];
  if (list === null) {
    parts = newSection(file, content);
  } else if (list.key === null) {
    parts = [length(total(content), isLarge), ...content, part(file, rest)];
  } else {
    parts = [
      part(file, { start: main.lengthAt, end: list.lengthAt }),
      length(total(content), isLarge),
      ...content,
      part(file, { start: afterBlock(file, list), end: rest.end }),
    ];
  }
  if (changes.layers.linked !== null) {
    const section = Buffer.concat(parts);
    const listEnd = new Cursor(section);
    listEnd.skip(listEnd.length(isLarge));
    const others = withLinkedFile(section.subarray(listEnd.at), changes.layers.linked, isLarge);
    parts = [section.subarray(0, listEnd.at), ...others];
  }
  return [length(total(parts), isLarge), ...parts];
}

/** Behind a block in the section itself, whose data is filled up to a multiple of four outside its length. */
function afterBlock({ layers, bytes }: PsdFile, { content }: LayerList): number {
  let at = content.end;
  const limit = Math.min(layers.rest.end, at + 3);
  while (at < limit && bytes[at] === 0) at++;
  return at;
}

/** The first layers of a flat document: 16 bits per channel have theirs in a block of its own. */
function newSection({ header, layers, bytes }: PsdFile, content: Uint8Array[]): Uint8Array[] {
  const { isLarge, depth } = header;
  const { rest, main } = layers;
  const hasMain = main.content.start > main.lengthAt;
  // A global layer mask of no bytes where there was no section.
  const others = hasMain && rest.end > rest.start ? bytes.subarray(rest.start, rest.end) : null;
  if (depth === 8) return [length(total(content), isLarge), ...content, others ?? length(0, false)];
  return [
    length(0, isLarge),
    others ?? length(0, false),
    Buffer.from(depth === 16 ? '8BIMLr16' : '8BIMLr32', 'latin1'),
    length(total(content), isLarge),
    ...content,
  ];
}

/** The content of the list with the new layers in it. */
function listWith(file: PsdFile, { layers, hidden, isTransparent }: PsdChanges): Uint8Array[] {
  const { above, encoded } = layers;
  const { list } = file.layers;
  const records = list?.records ?? [];
  const isNegative = list === null ? isTransparent === true : list.count < 0;
  const count = Buffer.alloc(2);
  count.writeInt16BE((records.length + encoded.length) * (isNegative ? -1 : 1));
  const own = records.map((record, index) => {
    const bytes = part(file, record.range);
    if (index !== hidden) return bytes;
    const copy = Buffer.from(bytes);
    copy[record.flagsAt - record.range.start] = record.flags | HIDDEN;
    return copy;
  });
  const channels = records.map((record) => record.channels.map(({ data }) => part(file, data)));
  const tail =
    list === null ? [] : [part(file, { start: list.channelsEnd, end: list.content.end })];
  const parts = [
    count,
    ...own.slice(0, above + 1),
    ...encoded.map(({ record }) => record),
    ...own.slice(above + 1),
    ...channels.slice(0, above + 1).flat(),
    ...encoded.map((layer) => layer.channels),
    ...channels.slice(above + 1).flat(),
    ...tail,
  ];
  // Lengths are multiples of four, as Photoshop writes them.
  return [...parts, Buffer.alloc((4 - (total(parts) & 3)) & 3)];
}
