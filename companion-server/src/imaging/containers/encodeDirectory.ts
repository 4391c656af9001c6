import type { TiffEntry } from './tiffTags.ts';

export type TiffOrder = 'little' | 'big';

/** An entry to be written: values as bytes in the order of the file, or a directory that it points to. */
export type NewEntry =
  | {
      readonly tag: number;
      readonly type: number;
      readonly count: number;
      readonly bytes: Uint8Array;
    }
  | { readonly tag: number; readonly directory: readonly NewEntry[] };

/** A TIFF with that first directory, written at its end: what the entries pointed to before stays where it is. */
export function withFirstDirectory(
  tiff: Uint8Array,
  entries: readonly NewEntry[],
  order: TiffOrder,
): Buffer {
  const padding = Buffer.alloc(tiff.length & 1);
  const at = tiff.length + padding.length;
  const file = Buffer.concat([tiff, padding, encodeDirectory(entries, at, order).bytes]);
  if (order === 'little') file.writeUInt32LE(at, 4);
  else file.writeUInt32BE(at, 4);
  return file;
}

const LONG = 4;
/** Bytes that have to be turned round together, by field type. */
const UNITS = [1, 1, 1, 2, 4, 4, 1, 1, 2, 4, 4, 4, 8, 4];

/** The entry with its values in another byte order. */
export function rewritten(
  { tag, type, count, bytes }: Pick<TiffEntry, 'tag' | 'type' | 'count' | 'bytes'>,
  from: TiffOrder,
  to: TiffOrder,
): NewEntry {
  const unit = UNITS[type] ?? 1;
  if (from === to || unit === 1) return { tag, type, count, bytes };
  const turned = new Uint8Array(bytes);
  for (let at = 0; at + unit <= turned.length; at += unit) turned.subarray(at, at + unit).reverse();
  return { tag, type, count, bytes: turned };
}

/**
 * A directory with what its entries point to behind it.
 * @param at where it will lie in the file
 */
export function encodeDirectory(
  entries: readonly NewEntry[],
  at: number,
  order: TiffOrder,
): { readonly bytes: Buffer } {
  const sorted = [...entries].sort((a, b) => a.tag - b.tag);
  const table = Buffer.alloc(2 + sorted.length * 12 + 4);
  const little = order === 'little';
  const u16 = (value: number, to: number) =>
    little ? table.writeUInt16LE(value, to) : table.writeUInt16BE(value, to);
  const u32 = (value: number, to: number) =>
    little ? table.writeUInt32LE(value, to) : table.writeUInt32BE(value, to);
  u16(sorted.length, 0);
  const behind: Buffer[] = [];
  let end = at + table.length;
  for (const [i, entry] of sorted.entries()) {
    const to = 2 + i * 12;
    const isDirectory = 'directory' in entry;
    u16(entry.tag, to);
    u16(isDirectory ? LONG : entry.type, to + 2);
    u32(isDirectory ? 1 : entry.count, to + 4);
    if (!isDirectory && entry.bytes.length <= 4) {
      table.set(entry.bytes, to + 8);
      continue;
    }
    u32(end, to + 8);
    const data = isDirectory
      ? encodeDirectory(entry.directory, end, order).bytes
      : Buffer.from(entry.bytes);
    // Values begin at even places.
    const padded = data.length & 1 ? Buffer.concat([data, Buffer.alloc(1)]) : data;
    behind.push(padded);
    end += padded.length;
  }
  return { bytes: Buffer.concat([table, ...behind]) };
}
