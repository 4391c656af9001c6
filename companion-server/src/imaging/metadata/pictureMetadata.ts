import { annotatedXmp, type EditNote } from '@emoeditor/shared';
import type { Metadata } from 'sharp';
import { tiffTags } from '../containers/tiffTags.ts';
import { exifOfTiff, resolutionOfExif, withoutPrefix } from './exif.ts';
import { iptcOfSegment } from './iptc.ts';

/** What a file says about its picture beside the pixels and their profile. */
export interface PictureMetadata {
  /** EXIF in the form of a TIFF, as in all formats but without their prefixes. */
  readonly exif: Uint8Array | null;
  /** An XMP packet. */
  readonly xmp: string | null;
  /** IPTC-IIM records. */
  readonly iptc: Uint8Array | null;
  /** Pixels per inch. */
  readonly density: number | null;
  /** Whether a WebP holds its samples without losses, and is to do so again. */
  readonly isLossless: boolean;
}

export const NO_METADATA: PictureMetadata = {
  ...{ exif: null, xmp: null, iptc: null, density: null },
  isLossless: false,
};

const IPTC = 33_723;

/** @param bytes the file that `metadata` was read from */
export function metadataOf(bytes: Uint8Array, metadata: Metadata): PictureMetadata {
  const { format, exif, xmp, iptc } = metadata;
  const packet = xmp === undefined ? null : Buffer.from(xmp).toString('utf8').replace(/\0+$/, '');
  const block = exif === undefined ? null : withoutPrefix(exif);
  const told = densityOf(metadata) ?? (block === null ? null : resolutionOfExif(block));
  const common = {
    xmp: packet,
    density: told,
    isLossless: format === 'webp' && isLosslessWebp(bytes),
  };
  if (format === 'tiff') {
    const tags = tiffTags(bytes);
    const records = tags?.pages[0]?.entry(IPTC)?.bytes ?? null;
    return { ...common, exif: tags === null ? null : exifOfTiff(tags), iptc: records };
  }
  return {
    ...common,
    exif: block,
    iptc: iptc === undefined ? null : iptcOfSegment(iptc),
  };
}

/** The first chunk with a picture decides: “VP8L” is lossless, “VP8 ” is not. */
function isLosslessWebp(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 12; at + 8 <= file.length; ) {
    const kind = file.toString('latin1', at, at + 4);
    if (kind === 'VP8L' || kind === 'VP8 ') return kind === 'VP8L';
    const size = file.readUInt32LE(at + 4);
    at += 8 + size + (size & 1);
  }
  return false;
}

/** The decoder says 72 where the file says nothing; a TIFF without a unit says 1 per unknown unit. */
function densityOf({ density, resolutionUnit, format }: Metadata): number | null {
  if (density === undefined) return null;
  const isTold = resolutionUnit !== undefined || format !== 'tiff';
  return isTold && density > 1 ? density : null;
}

/** The same with a note on the edit in its XMP. */
export function withNote(metadata: PictureMetadata, note: EditNote | null): PictureMetadata {
  return note === null ? metadata : { ...metadata, xmp: annotatedXmp(metadata.xmp, note) };
}
