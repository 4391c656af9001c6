import { extname } from 'node:path';
import type { PixelBuffer } from '@emoeditor/shared';
import sharp, { type Sharp } from 'sharp';
import { ImageError } from './imageError.ts';
import { tiffContainer } from './tiffContainer.ts';

const WRITERS: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  // White is what a browser or a print shows under transparency; JPEG has none.
  '.jpg': (image) =>
    image.flatten({ background: '#fff' }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }),
  '.png': (image) => image.png({ compressionLevel: 6 }),
  '.tif': (image) => image.tiff({ compression: 'deflate', predictor: 'horizontal' }),
  '.webp': (image) => image.webp({ quality: 95 }),
  '.avif': (image) => image.avif({ quality: 80 }),
};
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
 * Encodes pixels for the file type of `path`, with their profile and resolution.
 * 16-bit pixels stay 16-bit in PNG and TIFF and become 8-bit elsewhere.
 * @throws ImageError CANNOT_WRITE when the extension is none we write
 */
export async function writePicture(
  pixels: PixelBuffer,
  icc: Uint8Array | null,
  density: number | null,
  path: string,
): Promise<Uint8Array> {
  const extension = pictureExtension(path);
  const write = extension === null ? undefined : WRITERS[extension];
  if (extension === null || write === undefined) {
    throw new ImageError(
      'CANNOT_WRITE',
      `Expected a file name ending in .jpg, .png, .tif, .webp, .avif or .psd but “${path}” does not.`,
      'Give the output one of these endings.',
    );
  }
  const wide = pixels.format.sample === 'uint16' && WIDE.includes(extension);
  const image = sharp(tiffContainer(pixels, icc, density), { limitInputPixels: false })
    .keepIccProfile()
    .toColourspace(wide ? 'rgb16' : 'srgb');
  return write(image).toBuffer();
}
