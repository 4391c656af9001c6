import {
  encodeDirectory,
  type NewEntry,
  rewritten,
  type TiffOrder,
  withFirstDirectory,
} from '../containers/encodeDirectory.ts';
import { type TiffDirectory, type TiffTags, tiffTags } from '../containers/tiffTags.ts';

const ORIENTATION = 0x0112;
const EXIF_DIRECTORY = 0x8769;
const GPS_DIRECTORY = 0x8825;
const PIXEL_WIDTH = 0xa002;
const PIXEL_HEIGHT = 0xa003;
/** Across, down, unit. */
const RESOLUTION: readonly number[] = [0x011a, 0x011b, 0x0128];
const THUMBNAIL_AT = 0x0201;
const THUMBNAIL_LENGTH = 0x0202;
/** What the first directory of a TIFF says of the photograph rather than of the file: description, camera, date, rights. */
const OF_THE_PHOTOGRAPH: readonly number[] = [
  0x010e, 0x010f, 0x0110, 0x0131, 0x0132, 0x013b, 0x8298, 0x9c9b, 0x9c9c, 0x9c9d, 0x9c9e, 0x9c9f,
];

/** JPEG has six more bytes before the TIFF that EXIF is. */
export function withoutPrefix(exif: Uint8Array): Uint8Array {
  const hasPrefix = Buffer.from(exif.subarray(0, 4)).toString('latin1') === 'Exif';
  return hasPrefix ? exif.subarray(6) : exif;
}

/**
 * EXIF of a picture that stands upright in that size: orientation 1, and without the thumbnail, which shows the
 * picture before the edit. All else keeps its place, since makers' notes count from the beginning.
 */
export function uprightExif(
  exif: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array | null {
  const copy = new Uint8Array(exif);
  const tags = tiffTags(copy);
  const [first, second] = tags?.pages ?? [];
  if (tags === null || first === undefined) return null;
  const { view, isLittleEndian } = tags;
  const set = (directory: TiffDirectory | null, tag: number, value: number) => {
    const entry = directory?.entry(tag);
    if (entry?.type === 3) view.setUint16(entry.at + 8, value, isLittleEndian);
    if (entry?.type === 4) view.setUint32(entry.at + 8, value, isLittleEndian);
  };
  set(first, ORIENTATION, 1);
  const [at] = first.numbers(EXIF_DIRECTORY);
  const details = at === undefined ? null : tags.directory(at);
  set(details, PIXEL_WIDTH, width);
  set(details, PIXEL_HEIGHT, height);
  const [start] = second?.numbers(THUMBNAIL_AT) ?? [];
  const [length] = second?.numbers(THUMBNAIL_LENGTH) ?? [];
  if (start !== undefined && length !== undefined) copy.fill(0, start, start + length);
  view.setUint32(first.nextAt, 0, isLittleEndian);
  return copy;
}

/** What a TIFF says of the photograph, as EXIF of its own; null when it says nothing. */
export function exifOfTiff(tags: TiffTags): Uint8Array | null {
  const said = photographEntries(tags);
  if (said.length === 0) return null;
  const from: TiffOrder = tags.isLittleEndian ? 'little' : 'big';
  // EXIF without a resolution means 72 to many readers, whatever else the file says.
  const resolution = (tags.pages[0]?.entries ?? [])
    .filter(({ tag }) => RESOLUTION.includes(tag))
    .map((entry) => rewritten(entry, from, 'little'));
  const entries = [...said, ...resolution];
  const header = Buffer.from('II*\0\x08\0\0\0', 'latin1');
  return Buffer.concat([header, encodeDirectory(entries, 8, 'little').bytes]);
}

/** The entries of EXIF that a TIFF takes into its first directory, in that byte order; its directories as well. */
export function photographEntries(tags: TiffTags, order: TiffOrder = 'little'): NewEntry[] {
  const [first] = tags.pages;
  if (first === undefined) return [];
  const from: TiffOrder = tags.isLittleEndian ? 'little' : 'big';
  const own = first.entries
    .filter(({ tag }) => OF_THE_PHOTOGRAPH.includes(tag))
    .map((entry) => rewritten(entry, from, order));
  const inner = [EXIF_DIRECTORY, GPS_DIRECTORY].flatMap((tag): NewEntry[] => {
    const [at] = first.numbers(tag);
    const directory = at === undefined ? null : tags.directory(at);
    if (directory === null || directory.entries.length === 0) return [];
    return [{ tag, directory: directory.entries.map((entry) => rewritten(entry, from, order)) }];
  });
  return [...own, ...inner];
}

const RATIONAL = 5;
const SHORT = 3;
const INCH = 2;
const CENTIMETRE = 3;

/**
 * EXIF that tells the resolution, for containers that tell it nowhere else: the first directory is written anew at the
 * end, and what it points to stays where it is.
 * @param density pixels per inch
 */
export function exifWithResolution(exif: Uint8Array | null, density: number | null) {
  const tags = exif === null ? null : tiffTags(exif);
  const [first] = tags?.pages ?? [];
  if (density === null || first?.entry(RESOLUTION[0] as number) !== undefined) return exif;
  const order: TiffOrder = tags === null || tags.isLittleEndian ? 'little' : 'big';
  const rational = Buffer.alloc(8);
  rational.writeUInt32LE(Math.round(density * 1000), 0);
  rational.writeUInt32LE(1000, 4);
  const unit = { type: SHORT, count: 1, bytes: Uint8Array.of(INCH, 0) };
  const added = RESOLUTION.map((tag, i) =>
    rewritten(
      i < 2 ? { tag, type: RATIONAL, count: 1, bytes: rational } : { tag, ...unit },
      'little',
      order,
    ),
  );
  const before = exif === null || tags === null ? Buffer.from('II*\0\x08\0\0\0', 'latin1') : exif;
  const kept = (first?.entries ?? []).filter(({ tag }) => !RESOLUTION.includes(tag));
  return withFirstDirectory(before, [...kept, ...added], order);
}

/** Pixels per inch that EXIF tells; null without a resolution or its unit. */
export function resolutionOfExif(exif: Uint8Array): number | null {
  const tags = tiffTags(exif);
  const [first] = tags?.pages ?? [];
  const across = first?.entry(RESOLUTION[0] as number);
  const [unit] = first?.numbers(RESOLUTION[2] as number) ?? [];
  if (tags === null || across?.type !== RATIONAL || (unit !== INCH && unit !== CENTIMETRE))
    return null;
  const view = new DataView(across.bytes.buffer, across.bytes.byteOffset);
  const value = view.getUint32(0, tags.isLittleEndian) / view.getUint32(4, tags.isLittleEndian);
  if (!Number.isFinite(value) || value <= 1) return null;
  return unit === INCH ? value : value * 2.54;
}
