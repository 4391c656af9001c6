import sharp from 'sharp';

interface RgbPicture {
  readonly width: number;
  readonly height: number;
  /** Interleaved 8-bit RGB, sRGB. */
  readonly rgb: Uint8Array;
}

/** A working-size picture as a JPEG, good enough to judge an iteration by. */
export async function encodePreview({ width, height, rgb }: RgbPicture): Promise<Uint8Array> {
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90, chromaSubsampling: '4:4:4' })
    .toBuffer();
}
