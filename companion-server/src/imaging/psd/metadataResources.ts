import type { Extent } from '@emoeditor/shared';
import { uprightExif } from '../metadata/exif.ts';
import type { PictureMetadata } from '../metadata/pictureMetadata.ts';
import { uprightXmp } from '../metadata/xmp.ts';
import { type PsdFile, resourceOf } from './psdFile.ts';

export const ICC_RESOURCE = 1039;
export const XMP_RESOURCE = 1060;
export const RESOLUTION_RESOURCE = 1005;
const IPTC = 1028;
const EXIF = 1058;

/** What a document says about itself. */
export function metadataIn(file: PsdFile): PictureMetadata {
  const xmp = resourceOf(file, XMP_RESOURCE);
  const resolution = resourceOf(file, RESOLUTION_RESOURCE);
  return {
    exif: resourceOf(file, EXIF),
    xmp: xmp === null ? null : Buffer.from(xmp).toString('utf8').replace(/\0+$/, ''),
    iptc: resourceOf(file, IPTC),
    // Pixels per inch in 16.16, whatever unit is shown.
    density:
      resolution === null || resolution.length < 4
        ? null
        : Buffer.from(resolution).readUInt32BE(0) / 65_536,
    isLossless: false,
  };
}

/** The resources of a new document, by their number. */
export function resourcesOf(
  icc: Uint8Array | null,
  { exif, xmp, iptc, density }: PictureMetadata,
  extent: Extent,
): Map<number, Uint8Array> {
  const resources = new Map<number, Uint8Array>();
  if (density !== null) resources.set(RESOLUTION_RESOURCE, resolution(density));
  if (iptc !== null) resources.set(IPTC, iptc);
  if (icc !== null) resources.set(ICC_RESOURCE, icc);
  const upright = exif === null ? null : uprightExif(exif, extent);
  if (upright !== null) resources.set(EXIF, upright);
  if (xmp !== null) resources.set(XMP_RESOURCE, Buffer.from(uprightXmp(xmp)));
  return resources;
}

/** Across and down: 16.16 pixels per inch, shown per inch, sizes shown in inches. */
function resolution(density: number): Buffer {
  const bytes = Buffer.alloc(16);
  for (const at of [0, 8]) {
    bytes.writeUInt32BE(Math.round(density * 65_536), at);
    bytes.writeUInt16BE(1, at + 4);
    bytes.writeUInt16BE(1, at + 6);
  }
  return bytes;
}
