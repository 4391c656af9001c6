import { type PixelBuffer, SRGB_PROFILE, workingExtent } from '@emoeditor/shared';
import { documentSpace, type RgbSpace } from './colourProfiles.ts';
import { convertPlanar } from './convertPlanar.ts';
import { ImageError } from './imageError.ts';
import { checkSize } from './limits.ts';
import { resampleRows } from './resample.ts';

/** An 8-bit sRGB picture, interleaved RGB, at working size: what the model sees. */
export interface Proxy {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** Colour that the model gets where the layer is transparent: neutral grey. */
const NEUTRAL = 0.5;
const SRGB = documentSpace(SRGB_PROFILE) as RgbSpace;

/**
 * The layer as the model sees it: scaled to working size, converted to sRGB, over neutral grey where transparent.
 * Colour is weighted by alpha while scaling, so hidden colour under alpha 0 does not bleed in.
 * @throws ImageError FULLY_TRANSPARENT, EMPTY, TOO_SMALL, TOO_LARGE, UNSUPPORTED (unknown profile)
 */
export async function makeProxy(
  pixels: PixelBuffer,
  area: number,
  multiple: number,
): Promise<Proxy> {
  const { format } = pixels;
  checkSize('The layer', format);
  const space = documentSpace(format.profile);
  if (space === null) {
    throw new ImageError(
      'UNSUPPORTED',
      `Expected pixels in sRGB, Adobe RGB (1998), Display P3 or ProPhoto RGB but the colour profile is “${format.profile}”.`,
      'Convert the picture to sRGB first.',
    );
  }
  const extent = workingExtent(format, area, multiple);
  const scaled = resampleRows(
    { width: format.width, height: format.height, channels: 4 },
    extent,
    (y, into) => premultipliedRow(pixels, y, into),
  );
  const srgb = await convertPlanar(overNeutral(scaled), space, SRGB);
  const count = extent.width * extent.height;
  const rgb = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) {
      rgb[i * 3 + k] = Math.round(255 * Math.min(1, Math.max(0, srgb[k * count + i] as number)));
    }
  }
  return { ...extent, rgb };
}

/** One row as RGBA in [0, 1], colour multiplied by alpha; grey becomes RGB. */
function premultipliedRow({ format, data }: PixelBuffer, y: number, into: Float32Array): void {
  const { width, channels, range } = format;
  const scale = 1 / range;
  let from = y * width * channels;
  for (let x = 0; x < width; x++, from += channels) {
    const alpha = channels === 4 ? (data[from + 3] as number) * scale : 1;
    const factor = alpha * scale;
    into[x * 4] = (data[from] as number) * factor;
    into[x * 4 + 1] = (data[channels === 1 ? from : from + 1] as number) * factor;
    into[x * 4 + 2] = (data[channels === 1 ? from : from + 2] as number) * factor;
    into[x * 4 + 3] = alpha;
  }
}

/** Premultiplied RGBA, interleaved → planar RGB over neutral grey. */
function overNeutral(rgba: Float32Array): Float32Array {
  const count = rgba.length / 4;
  const out = new Float32Array(count * 3);
  let greatest = 0;
  for (let i = 0; i < count; i++) {
    const alpha = Math.min(1, Math.max(0, rgba[i * 4 + 3] as number));
    greatest = Math.max(greatest, alpha);
    for (let k = 0; k < 3; k++) {
      out[k * count + i] = (rgba[i * 4 + k] as number) + (1 - alpha) * NEUTRAL;
    }
  }
  // Alpha below one 8-bit step everywhere: an edit would be invisible.
  if (greatest < 1 / 255) {
    throw new ImageError(
      'FULLY_TRANSPARENT',
      'The layer is fully transparent, so there is nothing to edit.',
      'Choose a layer that has something on it.',
    );
  }
  return out;
}
