import { deflateSync } from 'node:zlib';
import { type NewEntry, withFirstDirectory } from '../containers/encodeDirectory.ts';
import { withHeifExif } from '../containers/heifItems.ts';
import { type JpegSegment, MOST_SEGMENT, withJpegSegments } from '../containers/jpegSegments.ts';
import { type PngChunk, withPngChunks } from '../containers/pngChunks.ts';
import { tiffTags } from '../containers/tiffTags.ts';
import { withWebpExif } from '../containers/webpChunks.ts';
import { photographEntries } from './exif.ts';
import { segmentOfIptc } from './iptc.ts';
import type { PictureMetadata } from './pictureMetadata.ts';

const APP0 = 0xe0;
const APP1 = 0xe1;
const APP13 = 0xed;
const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** A JPEG with the metadata; a part that is larger than a segment is left out. */
export function jpegWithMetadata(
  jpeg: Uint8Array,
  { exif, xmp, iptc, density }: PictureMetadata,
): Uint8Array {
  const segments: JpegSegment[] = [];
  if (exif !== null) {
    segments.push({ marker: APP1, data: Buffer.concat([latin1('Exif\0\0'), exif]) });
  }
  if (xmp !== null) {
    const data = Buffer.concat([latin1('http://ns.adobe.com/xap/1.0/\0'), Buffer.from(xmp)]);
    segments.push({ marker: APP1, data });
  }
  if (iptc !== null) segments.push({ marker: APP13, data: segmentOfIptc(iptc) });
  const whole = segments.filter(({ data }) => data.length <= MOST_SEGMENT);
  // The encoder writes JFIF only into a JPEG without any metadata.
  const isJfif = jpeg[3] === APP0;
  return withJpegSegments(jpeg, isJfif ? whole : [{ marker: APP0, data: jfif(density) }, ...whole]);
}

/** Version 1.1, then the unit (1 is dots per inch, 0 none), the density across and down, and no thumbnail. */
function jfif(density: number | null): Buffer {
  const data = Buffer.from('JFIF\0\x01\x01\0\0\x01\0\x01\0\0', 'latin1');
  if (density === null) return data;
  data[7] = 1;
  for (const at of [8, 10]) data.writeUInt16BE(Math.min(0xffff, Math.round(density)), at);
  return data;
}

export function pngWithMetadata(png: Uint8Array, { exif, xmp, iptc }: PictureMetadata): Uint8Array {
  const chunks: PngChunk[] = [];
  if (exif !== null) chunks.push({ type: 'eXIf', data: exif });
  if (xmp !== null) {
    // Keyword, not compressed, no language, no translated keyword.
    const data = Buffer.concat([latin1('XML:com.adobe.xmp\0\0\0\0\0'), Buffer.from(xmp)]);
    chunks.push({ type: 'iTXt', data });
  }
  if (iptc !== null) {
    // As ImageMagick and ExifTool write what PNG has no chunk for: a count and hexadecimal digits.
    const hex = Buffer.from(iptc).toString('hex').replace(/.{72}/g, '$&\n');
    const profile = `\niptc\n${String(iptc.length).padStart(8)}\n${hex}\n`;
    const head = latin1('Raw profile type iptc\0\0');
    chunks.push({ type: 'zTXt', data: Buffer.concat([head, deflateSync(profile)]) });
  }
  return withPngChunks(png, chunks);
}

const XMP = 700;
const IPTC = 33_723;
const BYTE = 1;
const UNDEFINED = 7;

/** A TIFF of one page with the metadata: its directory is written anew at the end, values stay where they are. */
export function tiffWithMetadata(
  tiff: Uint8Array,
  { exif, xmp, iptc }: PictureMetadata,
): Uint8Array {
  const tags = tiffTags(tiff);
  const [page] = tags?.pages ?? [];
  if (tags === null || page === undefined) return tiff;
  const order = tags.isLittleEndian ? 'little' : 'big';
  const exifTags = exif === null ? null : tiffTags(exif);
  const added: NewEntry[] = exifTags === null ? [] : photographEntries(exifTags, order);
  if (xmp !== null) added.push(bytesEntry(XMP, BYTE, Buffer.from(xmp)));
  if (iptc !== null) added.push(bytesEntry(IPTC, UNDEFINED, iptc));
  if (added.length === 0) return tiff;
  const replaced = new Set(added.map(({ tag }) => tag));
  const kept = page.entries.filter(({ tag }) => !replaced.has(tag));
  return withFirstDirectory(tiff, [...kept, ...added], order);
}

const bytesEntry = (tag: number, type: number, bytes: Uint8Array): NewEntry => ({
  ...{ tag, type, bytes },
  count: bytes.length,
});

/** A WebP whose encoder has made room for EXIF, with all of it. */
export const webpWithMetadata = (webp: Uint8Array, { exif }: PictureMetadata): Uint8Array =>
  exif === null ? webp : withWebpExif(webp, exif);

/** The same of an AVIF. */
export const avifWithMetadata = (avif: Uint8Array, { exif }: PictureMetadata): Uint8Array =>
  exif === null ? avif : withHeifExif(avif, exif);
