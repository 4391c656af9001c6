/** One entry of a TIFF directory, its bytes as the file has them. */
export interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly bytes: Uint8Array;
  /** Where the entry itself lies. */
  readonly at: number;
}

export interface TiffDirectory {
  readonly entries: readonly TiffEntry[];
  /** Where the offset of the next directory lies. */
  readonly nextAt: number;
  /** Numbers of a tag of the types BYTE, SHORT, LONG; empty without it. */
  numbers(tag: number): number[];
  entry(tag: number): TiffEntry | undefined;
}

/** A TIFF 6.0 file, or what EXIF has in that form. */
export interface TiffTags {
  readonly isLittleEndian: boolean;
  readonly view: DataView;
  /** The directories that follow each other from the first: the pages of a TIFF. */
  readonly pages: readonly TiffDirectory[];
  directory(offset: number): TiffDirectory | null;
}

/** Sizes in bytes of the field types 1 to 13. */
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
const MOST_PAGES = 1000;

/** Null for what is no classic TIFF: BigTIFF too, whose tags nobody here needs. */
export function tiffTags(bytes: Uint8Array): TiffTags | null {
  if (bytes.length < 14) return null;
  const order = Buffer.from(bytes.subarray(0, 2)).toString('latin1');
  if (order !== 'II' && order !== 'MM') return null;
  const isLittleEndian = order === 'II';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(2, isLittleEndian) !== 42) return null;
  const directory = (offset: number) => readDirectory(bytes, view, isLittleEndian, offset);
  const pages: TiffDirectory[] = [];
  const seen = new Set<number>();
  let offset = view.getUint32(4, isLittleEndian);
  while (offset !== 0 && !seen.has(offset) && pages.length < MOST_PAGES) {
    seen.add(offset);
    const page = directory(offset);
    if (page === null) break;
    pages.push(page);
    offset = view.getUint32(page.nextAt, isLittleEndian);
  }
  return { isLittleEndian, view, pages, directory };
}

function readDirectory(
  bytes: Uint8Array,
  view: DataView,
  little: boolean,
  offset: number,
): TiffDirectory | null {
  if (offset < 8 || offset + 2 > bytes.length) return null;
  const count = view.getUint16(offset, little);
  const nextAt = offset + 2 + count * 12;
  if (nextAt + 4 > bytes.length) return null;
  const entries: TiffEntry[] = [];
  for (let i = 0; i < count; i++) {
    const at = offset + 2 + i * 12;
    const type = view.getUint16(at + 2, little);
    const values = view.getUint32(at + 4, little);
    const size = (SIZES[type] ?? 0) * values;
    const start = size <= 4 ? at + 8 : view.getUint32(at + 8, little);
    if (size === 0 || start + size > bytes.length) continue;
    const tag = view.getUint16(at, little);
    entries.push({ tag, type, count: values, bytes: bytes.subarray(start, start + size), at });
  }
  const entry = (tag: number) => entries.find((one) => one.tag === tag);
  return { entries, nextAt, entry, numbers: (tag) => numbersOf(entry(tag), little) };
}

function numbersOf(entry: TiffEntry | undefined, little: boolean): number[] {
  if (entry === undefined) return [];
  const { bytes, type, count } = entry;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, i) => {
    if (type === 1) return view.getUint8(i);
    if (type === 3) return view.getUint16(i * 2, little);
    return type === 4 || type === 13 ? view.getUint32(i * 4, little) : Number.NaN;
  });
}
