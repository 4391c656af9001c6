import { type Extent, type PixelBuffer, SRGB_PROFILE, workingExtent } from '@emoeditor/shared';
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
  return makeProxyOf(pixels, workingExtent(pixels.format, area, multiple));
}

/** The same at a size that is known. */
export async function makeProxyOf(pixels: PixelBuffer, extent: Extent): Promise<Proxy> {
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
  const srgb = await convertPlanar(scaledPlanes(pixels, extent), space, SRGB);
  const count = extent.width * extent.height;
  const rgb = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) {
      rgb[i * 3 + k] = Math.round(255 * Math.min(1, Math.max(0, srgb[k * count + i] as number)));
    }
  }
  return { ...extent, rgb };
}

/** Planar RGB of the layer at that size, over neutral grey where it is transparent. */
function scaledPlanes(pixels: PixelBuffer, extent: Extent): Float32Array {
  const { width, height, channels } = pixels.format;
  if (channels === 4) {
    const read = (y: number, into: Float32Array) => premultipliedRow(pixels, y, into);
    return overNeutral(resampleRows({ width, height, channels: 4 }, extent, read));
  }
  const read = (y: number, into: Float32Array) => opaqueRow(pixels, y, into);
  return planar(resampleRows({ width, height, channels: 3 }, extent, read));
}

/** One row of a layer without alpha as RGB in [0, 1]; grey becomes RGB. */
function opaqueRow({ format, data }: PixelBuffer, y: number, into: Float32Array): void {
  const { width, channels, range } = format;
  const scale = 1 / range;
  let from = y * width * channels;
  if (channels === 3) {
    for (let i = 0; i < into.length; i++) into[i] = (data[from + i] as number) * scale;
    return;
  }
  for (let i = 0; i < into.length; i += 3, from += channels) {
    into[i] = into[i + 1] = into[i + 2] = (data[from] as number) * scale;
  }
}

function planar(rgb: Float32Array): Float32Array {
  const count = rgb.length / 3;
  const out = new Float32Array(rgb.length);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) out[k * count + i] = rgb[i * 3 + k] as number;
  }
  return out;
}

/** One row as RGBA in [0, 1], colour multiplied by alpha. */
function premultipliedRow({ format, data }: PixelBuffer, y: number, into: Float32Array): void {
  const { width, range } = format;
  const scale = 1 / range;
  let from = y * width * 4;
  for (let at = 0; at < into.length; at += 4, from += 4) {
    const alpha = (data[from + 3] as number) * scale;
    const factor = alpha * scale;
    into[at] = (data[from] as number) * factor;
    into[at + 1] = (data[from + 1] as number) * factor;
    into[at + 2] = (data[from + 2] as number) * factor;
    into[at + 3] = alpha;
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
