import type { Extent } from '@emoeditor/shared';
import { RAW, RLE, type Samples } from './channelCodec.ts';
import { length, total } from './lengths.ts';
import { encodeMerged } from './merged.ts';
import { asSample, type LayerPlanes, rangeOf } from './pixels.ts';
import { resourceBlock } from './splice.ts';

const RGB = 3;

/**
 * A document without layers.
 * @param planes of the merged picture
 * @param resources data by resource number
 */
export function flatDocument(
  planes: readonly Samples[],
  extent: Extent,
  resources: ReadonlyMap<number, Uint8Array>,
  isLarge: boolean,
): Buffer {
  const depth = (planes[0]?.BYTES_PER_ELEMENT ?? 1) * 8;
  // As Photoshop writes it: runs are rare in samples of several bytes.
  const compression = depth === 8 ? RLE : RAW;
  const blocks = [...resources].map(([id, data]) => resourceBlock(id, data));
  return Buffer.concat([
    header(extent, planes.length, depth, isLarge),
    length(0, false),
    length(total(blocks), false),
    ...blocks,
    length(0, isLarge),
    ...encodeMerged({ planes: [...planes], compression }, extent, { depth, isLarge }),
  ]);
}

function header(
  { width, height }: Extent,
  channels: number,
  depth: number,
  isLarge: boolean,
): Buffer {
  const bytes = Buffer.alloc(26);
  bytes.write('8BPS', 0, 'latin1');
  bytes.writeUInt16BE(isLarge ? 2 : 1, 4);
  bytes.writeUInt16BE(channels, 12);
  bytes.writeUInt32BE(height, 14);
  bytes.writeUInt32BE(width, 18);
  bytes.writeUInt16BE(depth, 22);
  bytes.writeUInt16BE(RGB, 24);
  return bytes;
}

/** Planes of the merged picture: transparent colours lie over white, with the transparency as a fourth plane. */
export function overWhite(colour: LayerPlanes['colour'], alpha: Samples | null): Samples[] {
  if (alpha === null) return [...colour];
  const range = rangeOf(alpha);
  const matted = colour.map((plane) =>
    plane.map((value: number, i: number) => {
      const a = (alpha[i] as number) / range;
      return asSample(a * value + (1 - a) * range, range);
    }),
  );
  return [...matted, alpha];
}
