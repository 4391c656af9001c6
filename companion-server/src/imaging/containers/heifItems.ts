interface Box {
  readonly type: string;
  /** Where its content begins and ends. */
  readonly start: number;
  readonly end: number;
}

/**
 * The HEIF file (AVIF is one) with that EXIF in place of the one it has: the new block lies at the end of the file, and
 * the entry of the item's location points to it. Nothing else moves.
 * @param exif EXIF in the form of a TIFF, without a prefix
 * @see ISO/IEC 14496-12, “The Item Location Box”, and ISO/IEC 23008-12, annex A
 */
export function withHeifExif(heif: Uint8Array, exif: Uint8Array): Uint8Array {
  const file = Buffer.from(heif);
  const meta = boxes(file, 0, file.length).find(({ type }) => type === 'meta');
  if (meta === undefined) return heif;
  // A full box: version and flags come first.
  const inner = boxes(file, meta.start + 4, meta.end);
  const item = exifItem(file, inner);
  const location = item === null ? null : extentOf(file, inner, item);
  if (location === null) return heif;
  // How far the TIFF lies behind this number, then the prefix that it lies behind.
  const block = Buffer.concat([Buffer.from('\0\0\0\x06Exif\0\0', 'latin1'), exif]);
  const data = Buffer.concat([Buffer.from('\0\0\0\0mdat', 'latin1'), block]);
  data.writeUInt32BE(data.length, 0);
  file.fill(0, location.baseAt, location.baseAt + location.baseSize);
  file.writeUIntBE(file.length + 8, location.offsetAt, location.offsetSize);
  file.writeUIntBE(block.length, location.lengthAt, location.lengthSize);
  return Buffer.concat([file, data]);
}

function boxes(file: Buffer, from: number, to: number): Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to; ) {
    const told = file.readUInt32BE(at);
    // 1: the size is the 64-bit number behind the type. 0: to the end.
    const isLarge = told === 1 && at + 16 <= to;
    const size = told === 0 ? to - at : isLarge ? Number(file.readBigUInt64BE(at + 8)) : told;
    if (size < 8 || at + size > to) break;
    const type = file.toString('latin1', at + 4, at + 8);
    found.push({ type, start: at + (isLarge ? 16 : 8), end: at + size });
    at += size;
  }
  return found;
}

/** The number of the item that holds EXIF. */
function exifItem(file: Buffer, meta: readonly Box[]): number | null {
  const info = meta.find(({ type }) => type === 'iinf');
  if (info === undefined) return null;
  const countSize = file[info.start] === 0 ? 2 : 4;
  for (const { type, start } of boxes(file, info.start + 4 + countSize, info.end)) {
    if (type !== 'infe') continue;
    const idSize = file[start] === 3 ? 4 : 2;
    // Version and flags, the number, the index of its protection, the type.
    const typeAt = start + 4 + idSize + 2;
    if (file.toString('latin1', typeAt, typeAt + 4) === 'Exif') {
      return file.readUIntBE(start + 4, idSize);
    }
  }
  return null;
}

interface Extent {
  /** What is added to the offset. */
  readonly baseAt: number;
  readonly baseSize: number;
  readonly offsetAt: number;
  readonly offsetSize: number;
  readonly lengthAt: number;
  readonly lengthSize: number;
}

/** Where the location of an item is written; null unless it is one piece, counted from the beginning of the file. */
function extentOf(file: Buffer, meta: readonly Box[], item: number): Extent | null {
  const box = meta.find(({ type }) => type === 'iloc');
  const version = box === undefined ? 3 : (file[box.start] as number);
  if (box === undefined || version > 2) return null;
  const sizes = file.readUInt16BE(box.start + 4);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version === 0 ? 0 : sizes & 15;
  const idSize = version === 2 ? 4 : 2;
  let at = box.start + 6;
  const number = (size: number) => {
    at += size;
    return size === 0 ? 0 : Number(BigInt(`0x${file.toString('hex', at - size, at)}`));
  };
  const count = number(idSize);
  for (let i = 0; i < count && at < box.end; i++) {
    const id = number(idSize);
    const method = version === 0 ? 0 : number(2) & 15;
    number(2); // Index of another file that holds the data; 0 is this one.
    const baseAt = at;
    at += baseSize;
    const extents = number(2);
    const offsetAt = at + indexSize;
    const isSimple = method === 0 && extents === 1 && offsetSize === 4;
    if (id === item) {
      const place = {
        baseAt,
        baseSize,
        offsetAt,
        offsetSize,
        lengthAt: offsetAt + offsetSize,
        lengthSize,
      };
      return isSimple && lengthSize === 4 ? place : null;
    }
    at += extents * (indexSize + offsetSize + lengthSize);
  }
  return null;
}
