import type { Extent } from '@emoeditor/shared';
import sharp from 'sharp';
import { writeWhole } from '../files/writeWhole.ts';
import { ImageError } from './imageError.ts';
import { pictureExtension } from './writePicture.ts';

/** JPEG without visible loss; PNG ignores it. */
const QUALITY = 95;
const FORMATS: Readonly<Record<string, 'tiff' | 'webp' | 'avif'>> = {
  '.tif': 'tiff',
  '.webp': 'webp',
  '.avif': 'avif',
};

/**
 * Writes a picture of the pipeline to a file, in the format that its ending names.
 * @param planar RGB [3, H, W] in [0, 1]
 * @throws ImageError CANNOT_WRITE, FileError
 */
export async function savePlanar(
  path: string,
  planar: Float32Array,
  { width, height }: Extent,
  overwrite = true,
): Promise<void> {
  const extension = pictureExtension(path);
  if (extension === null) {
    throw new ImageError(
      'CANNOT_WRITE',
      `${path} has no ending that says how to save it.`,
      'Use .png, .jpg, .tif or .webp.',
    );
  }
  const bytes = new Uint8Array(planar.length);
  const pixels = width * height;
  for (let i = 0; i < pixels; i++) {
    for (let k = 0; k < 3; k++) bytes[i * 3 + k] = Math.round((planar[k * pixels + i] ?? 0) * 255);
  }
  const picture = sharp(bytes, { raw: { width, height, channels: 3 } });
  if (extension === '.jpg') picture.jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' });
  else picture.toFormat(FORMATS[extension] ?? 'png');
  await writeWhole(path, await picture.toBuffer(), { overwrite });
}
