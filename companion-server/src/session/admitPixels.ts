import {
  type Bounds,
  type Extent,
  MAX_PROXY_PIXELS,
  MAX_TILE_PIXELS,
  type PixelFormat,
  ProtocolError,
  SRGB_PROFILE,
} from '@emoeditor/shared';
import { documentSpace } from '../imaging/colourProfiles.ts';
import { MIN_SIDE } from '../imaging/limits.ts';
import type { Picture } from '../pipeline/edit.ts';

/**
 * Why a proxy is refused before its pixels are held, or null when it is fine (JB1).
 * @param mayHaveRegion true where a fourth channel may say where the edit will show (JB11)
 */
export function proxyFault(format: PixelFormat, mayHaveRegion: boolean): ProtocolError | null {
  const { width, height, channels, sample, range, profile } = format;
  const isRgb = channels === 3 || (mayHaveRegion && channels === 4);
  const is8BitRgb = isRgb && sample === 'uint8' && range === 255;
  if (!is8BitRgb || documentSpace(profile)?.name !== SRGB_PROFILE) {
    return badImage(
      `Expected an 8-bit picture of 3 channels in sRGB but received ${channels} channels of ${sample} (range ${range}) in “${profile}”.`,
      'Send a proxy in RGB, 8 bits, converted to sRGB.',
    );
  }
  if (width < MIN_SIDE || height < MIN_SIDE) {
    return badImage(
      `Expected a proxy of at least ${MIN_SIDE} pixels on each side but received ${width} × ${height}.`,
      'Choose a larger layer.',
    );
  }
  if (width * height > MAX_PROXY_PIXELS) {
    return badImage(
      `Expected a proxy of at most ${MAX_PROXY_PIXELS} pixels but received ${width} × ${height}.`,
      'Send the layer scaled down; no model works at that size.',
    );
  }
  return null;
}

/** Why a tile is refused before its pixels are held, or null when it is fine (CM2). */
export function tileFault(
  bounds: Bounds,
  format: PixelFormat,
  extent: Extent,
): ProtocolError | null {
  const again = 'Apply the edit to the layer again.';
  const { width, height, channels, sample, range } = format;
  if (channels === 1) {
    return badImage('Expected a tile of 3 or 4 channels but received 1.', again);
  }
  if (width !== bounds.width || height !== bounds.height) {
    return badImage(
      `Expected ${bounds.width} × ${bounds.height} pixels, as the tile's bounds say, but received ${width} × ${height}.`,
      again,
    );
  }
  const right = bounds.left + bounds.width;
  const bottom = bounds.top + bounds.height;
  if (bounds.left < 0 || bounds.top < 0 || right > extent.width || bottom > extent.height) {
    return badImage(
      `Expected a tile inside ${extent.width} × ${extent.height} but received one from (${bounds.left}, ${bounds.top}) to (${right}, ${bottom}).`,
      again,
    );
  }
  if (width * height > MAX_TILE_PIXELS) {
    return badImage(
      `Expected a tile of at most ${MAX_TILE_PIXELS} pixels but received ${width} × ${height}.`,
      'Send the region in smaller tiles.',
    );
  }
  if (!RANGES[sample].includes(range)) {
    return badImage(
      `Expected ${sample} samples to have a range of ${RANGES[sample].join(' or ')} but received ${range}.`,
      again,
    );
  }
  return null;
}

const RANGES: Readonly<Record<PixelFormat['sample'], readonly number[]>> = {
  uint8: [255],
  uint16: [32768, 65535],
  float32: [1],
};

function badImage(message: string, hint: string): ProtocolError {
  return new ProtocolError({ code: 'BAD_IMAGE', message, hint, retryable: false });
}

/** Interleaved pixels of a proxy as the engine takes them: the fourth channel becomes the region. */
export function proxyPicture({ width, height, channels }: PixelFormat, bytes: Uint8Array): Picture {
  if (channels !== 4) return { width, height, rgb: bytes };
  const rgb = new Uint8Array(width * height * 3);
  const region = new Uint8Array(width * height);
  for (let i = 0; i < region.length; i++) {
    rgb.set(bytes.subarray(i * 4, i * 4 + 3), i * 3);
    region[i] = bytes[i * 4 + 3] as number;
  }
  return { width, height, rgb, region };
}
