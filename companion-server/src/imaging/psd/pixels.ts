import type { Extent, PixelBuffer } from '@emoeditor/shared';
import { decodeChannel, type Samples } from './channelCodec.ts';
import type { LayerRecord } from './layerSection.ts';
import type { PsdFile } from './psdFile.ts';

/** The colour planes of a layer and its transparency, which is null where the layer has none. */
export interface LayerPlanes {
  readonly colour: readonly [Samples, Samples, Samples];
  readonly alpha: Samples | null;
}

export const extentOf = ({ top, left, bottom, right }: LayerRecord): Extent => ({
  width: right - left,
  height: bottom - top,
});

/** @throws RangeError, or zlib's error, when the channels are damaged */
export function layerPlanes(file: PsdFile, record: LayerRecord): LayerPlanes {
  const plane = (id: number) => {
    const channel = record.channels.find((place) => place.id === id);
    if (channel === undefined) return null;
    return decodeChannel(file.bytes, channel.data, extentOf(record), file.header);
  };
  const [red, green, blue] = [plane(0), plane(1), plane(2)];
  if (red === null || green === null || blue === null) {
    throw new RangeError('Expected the channels red, green and blue.');
  }
  return { colour: [red, green, blue], alpha: plane(-1) };
}

/** The sample of full opacity, or of white: 255, 65535, or 1 of floats, which may go beyond. */
export function rangeOf(samples: Samples): 255 | 65535 | 1 {
  if (samples instanceof Uint8Array) return 255;
  return samples instanceof Uint16Array ? 65535 : 1;
}

export function planeLike(samples: Samples, length = samples.length): Samples {
  if (samples instanceof Uint8Array) return new Uint8Array(length);
  return samples instanceof Uint16Array ? new Uint16Array(length) : new Float32Array(length);
}

/** A computed value as a sample of that kind: whole and within the range, but for floats. */
export function asSample(value: number, range: number): number {
  return range === 1 ? value : Math.min(range, Math.max(0, Math.round(value)));
}

/** Planes → interleaved RGBA. @param profile name of the ICC profile of the samples */
export function toPixels(
  { colour, alpha }: LayerPlanes,
  { width, height }: Extent,
  profile: string,
): PixelBuffer {
  const [red, green, blue] = colour;
  const range = rangeOf(red);
  const data = planeLike(red, width * height * 4);
  for (let i = 0, to = 0; i < width * height; i++, to += 4) {
    data[to] = red[i] as number;
    data[to + 1] = green[i] as number;
    data[to + 2] = blue[i] as number;
    data[to + 3] = alpha === null ? range : (alpha[i] as number);
  }
  const sample = SAMPLE[range];
  return { format: { width, height, channels: 4, sample, range, profile }, data };
}

const SAMPLE = { 255: 'uint8', 65535: 'uint16', 1: 'float32' } as const;

/** Interleaved RGB or RGBA → planes. */
export function toPlanes({ format, data }: PixelBuffer): LayerPlanes {
  const { channels } = format;
  const plane = (k: number) => {
    const out = planeLike(data, data.length / channels);
    for (let i = 0; i < out.length; i++) out[i] = data[i * channels + k] as number;
    return out;
  };
  return {
    colour: [plane(0), plane(1), plane(2)],
    alpha: channels === 4 ? plane(3) : null,
  };
}

/** True when no pixel lets anything through. */
export function isOpaque({ alpha }: LayerPlanes): boolean {
  return alpha === null || alpha.every((value) => value === rangeOf(alpha));
}

/** The same of an interleaved picture. */
export function isOpaquePicture({ format, data }: PixelBuffer): boolean {
  if (format.channels !== 4) return true;
  for (let i = 3; i < data.length; i += 4) if (data[i] !== format.range) return false;
  return true;
}
