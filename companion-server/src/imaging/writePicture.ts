import { extname } from 'node:path';
import type { PixelBuffer } from '@emoeditor/shared';
import sharp, { type Sharp } from 'sharp';
import { ImageError } from './imageError.ts';
import {
  avifWithMetadata,
  jpegWithMetadata,
  pngWithMetadata,
  tiffWithMetadata,
  webpWithMetadata,
} from './metadata/embedMetadata.ts';
import { exifWithResolution, uprightExif } from './metadata/exif.ts';
import { xmpWithIptc } from './metadata/iptcInXmp.ts';
import type { PictureMetadata } from './metadata/pictureMetadata.ts';
import { uprightXmp } from './metadata/xmp.ts';
import { tiffContainer } from './tiffContainer.ts';

interface Writer {
  /** What the container has no place of its own for, in one that it has. */
  fit?(metadata: PictureMetadata): PictureMetadata;
  encode(image: Sharp, metadata: PictureMetadata): Sharp;
  /** Puts metadata into the encoded file, where the encoder does not. */
  embed?(file: Uint8Array, metadata: PictureMetadata): Uint8Array;
}

const WRITERS: Readonly<Record<string, Writer>> = {
  // White is what a browser or a print shows under transparency; JPEG has none.
  '.jpg': {
    encode: (image) =>
      image.flatten({ background: '#fff' }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }),
    embed: jpegWithMetadata,
  },
  '.png': { encode: (image) => image.png({ compressionLevel: 6 }), embed: pngWithMetadata },
  '.tif': {
    encode: (image, metadata) =>
      image.tiff({ compression: 'deflate', predictor: 'horizontal', ...resolutionOf(metadata) }),
    embed: tiffWithMetadata,
  },
  '.webp': {
    fit: withinExifAndXmp,
    encode: (image, metadata) =>
      described(image, metadata).webp(
        metadata.isLossless
          ? { lossless: true, exact: true }
          : { quality: 95, smartSubsample: true },
      ),
    embed: webpWithMetadata,
  },
  '.avif': {
    fit: withinExifAndXmp,
    encode: (image, metadata) => described(image, metadata).avif({ quality: 80 }),
    embed: avifWithMetadata,
  },
};

/** Pixels per millimetre; the encoder says 1 where it is not told. */
function resolutionOf({ density }: PictureMetadata) {
  if (density === null) return {};
  return { xres: density / 25.4, yres: density / 25.4, resolutionUnit: 'inch' as const };
}

/** WebP and AVIF know EXIF and XMP only: the resolution goes into the one, the IPTC records into the other. */
function withinExifAndXmp(metadata: PictureMetadata): PictureMetadata {
  const exif = exifWithResolution(metadata.exif, metadata.density);
  return { ...metadata, exif, xmp: xmpWithIptc(metadata.xmp, metadata.iptc) };
}

/** XMP, and room for EXIF, whose bytes the encoder does not take: they are put there afterwards. */
function described(image: Sharp, { exif, xmp }: PictureMetadata): Sharp {
  const withPacket = xmp === null ? image : image.withXmp(xmp);
  return exif === null ? withPacket : withPacket.withExif({ IFD0: { Software: 'EmoEditor' } });
}

const ALIASES: Readonly<Record<string, string>> = { '.jpeg': '.jpg', '.tiff': '.tif' };
/** Formats that hold 16 bits per channel. */
const WIDE = ['.png', '.tif'];

/** Extension of a path as the key of a writer, or null when nothing writes it. PSD is written elsewhere. */
export function pictureExtension(path: string): string | null {
  const extension = extname(path).toLowerCase();
  const known = ALIASES[extension] ?? extension;
  return known in WRITERS ? known : null;
}

/**
 * Encodes pixels for the file type of `path`, with their profile and metadata.
 * 16-bit pixels stay 16-bit in PNG and TIFF and become 8-bit elsewhere.
 * @throws ImageError CANNOT_WRITE when the extension is none we write
 */
export async function writePicture(
  pixels: PixelBuffer,
  icc: Uint8Array | null,
  metadata: PictureMetadata,
  path: string,
): Promise<Uint8Array> {
  const extension = pictureExtension(path);
  const writer = extension === null ? undefined : WRITERS[extension];
  if (extension === null || writer === undefined) {
    throw new ImageError(
      'CANNOT_WRITE',
      `Expected a file name ending in .jpg, .png, .tif, .webp, .avif or .psd but “${path}” does not.`,
      'Give the output one of these endings.',
    );
  }
  const wide = pixels.format.sample === 'uint16' && WIDE.includes(extension);
  const image = sharp(tiffContainer(pixels, icc, metadata.density), { limitInputPixels: false })
    .keepIccProfile()
    .toColourspace(wide ? 'rgb16' : 'srgb');
  const { exif } = metadata;
  const turned = {
    ...metadata,
    exif: exif === null ? null : uprightExif(exif, pixels.format),
    xmp: metadata.xmp === null ? null : uprightXmp(metadata.xmp),
  };
  const upright = writer.fit?.(turned) ?? turned;
  const file = await writer
    .encode(image, upright)
    .toBuffer()
    .catch((cause: unknown) => {
      throw new ImageError(
        'CANNOT_WRITE',
        `${path} cannot be written as ${extension.slice(1).toUpperCase()}: ${reasonOf(cause)}.`,
        'Give the output the ending .png or .tif, which hold pictures of every size.',
        cause,
      );
    });
  return writer.embed?.(file, upright) ?? file;
}

/** What the encoder says, without the names of its functions, on one line. */
function reasonOf(cause: unknown): string {
  const { message } = cause as Error;
  if (/too large/i.test(message)) return 'the picture is larger than the format allows';
  return (
    message
      .split('\n')[0]
      ?.replace(/^\w+: /, '')
      .replace(/\.$/, '') ?? 'the encoder failed'
  );
}
