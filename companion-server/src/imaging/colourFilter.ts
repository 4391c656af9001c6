import type { PixelBuffer } from '@emoeditor/shared';
import sharp from 'sharp';

type Row = readonly [number, number, number];

/** A fixed chain of colour changes, in the order in which the library carries them out. */
export interface ColourFilter {
  /** Red, green and blue of the result from those of the source, a row each. */
  readonly matrix?: readonly [Row, Row, Row];
  readonly modulate?: { readonly brightness?: number; readonly saturation?: number };
  /** Factor and levels added. */
  readonly linear?: readonly [number, number];
}

/**
 * A picture through a colour filter.
 * @param pixels 8-bit sRGB without alpha
 */
export async function filterColours(
  { format, data }: PixelBuffer,
  { matrix, modulate, linear }: ColourFilter,
): Promise<PixelBuffer> {
  const { width, height } = format;
  const picture = sharp(data as Uint8Array, {
    raw: { width, height, channels: 3 },
    limitInputPixels: false,
  });
  if (matrix !== undefined) {
    const [red, green, blue] = matrix;
    picture.recomb([[...red], [...green], [...blue]]);
  }
  if (modulate !== undefined) picture.modulate(modulate);
  if (linear !== undefined) picture.linear(...linear);
  const bytes = await picture.removeAlpha().raw().toBuffer();
  return { format, data: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
}
