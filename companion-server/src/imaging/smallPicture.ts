import sharp from 'sharp';

/** 8-bit sRGB, interleaved RGB. */
interface SmallPicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** A small picture without loss, as a PNG. */
export async function encodePng({ width, height, rgb }: SmallPicture): Promise<Uint8Array> {
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
}

/** A small picture of our own out of a PNG or JPEG. */
export async function decodeSmall(bytes: Uint8Array): Promise<SmallPicture> {
  const { data, info } = await sharp(bytes)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: new Uint8Array(data) };
}
