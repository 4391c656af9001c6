import type { Extent } from '@emoeditor/shared';
import {
  decodePlanes,
  packPlane,
  RAW,
  RLE,
  type SampleKind,
  type Samples,
  toFileOrder,
} from './channelCodec.ts';
import { Cursor } from './cursor.ts';
import type { PsdFile } from './psdFile.ts';

/** The merged picture of a document, one plane per channel: red, green, blue, then extra channels. */
export interface Merged {
  readonly planes: Samples[];
  readonly compression: number;
}

/** @throws RangeError when it is cut off */
export function readMerged({ bytes, merged, header }: PsdFile): Merged {
  const cursor = new Cursor(bytes, merged.start, merged.end);
  const compression = cursor.u16();
  return {
    compression,
    planes: decodePlanes(cursor, compression, header, header.channels, header),
  };
}

/** Walks over the merged picture without decoding it. @throws RangeError when the file ends within it */
export function checkMerged({ bytes, merged, header }: PsdFile): void {
  const { width, height, channels, depth, isLarge } = header;
  const cursor = new Cursor(bytes, merged.start, merged.end);
  const compression = cursor.u16();
  if (compression === RAW) cursor.skip((width * height * channels * depth) / 8);
  if (compression !== RLE) return;
  let packed = 0;
  for (let row = 0; row < height * channels; row++) packed += isLarge ? cursor.u32() : cursor.u16();
  cursor.skip(packed);
}

/** The merged picture as the file has it: raw where it was raw and RLE otherwise. */
export function encodeMerged(
  { planes, compression }: Merged,
  { width }: Extent,
  { depth, isLarge }: SampleKind,
): Uint8Array[] {
  const bytes = planes.map(toFileOrder);
  if (compression === RAW) return [Buffer.from([0, RAW]), ...bytes];
  const packed = bytes.map((plane) => packPlane(plane, (width * depth) / 8, isLarge));
  return [
    Buffer.from([0, RLE]),
    ...packed.map(({ lengths }) => lengths),
    ...packed.map(({ rows }) => rows),
  ];
}
