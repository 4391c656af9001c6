import type { Extent } from '@emoeditor/shared';
import sharp from 'sharp';

/** JPEG without visible loss; PNG ignores it. */
const QUALITY = 95;

/** Writes a picture of the pipeline to a file, in the format that its ending names. @param planar RGB [3, H, W] in [0, 1] */
export async function savePlanar(
  path: string,
  planar: Float32Array,
  { width, height }: Extent,
): Promise<void> {
  const bytes = new Uint8Array(planar.length);
  const pixels = width * height;
  for (let i = 0; i < pixels; i++) {
    for (let k = 0; k < 3; k++) bytes[i * 3 + k] = Math.round((planar[k * pixels + i] ?? 0) * 255);
  }
  const picture = sharp(bytes, { raw: { width, height, channels: 3 } });
  if (/\.jpe?g$/i.test(path)) picture.jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' });
  await picture.toFile(path);
}
