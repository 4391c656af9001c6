import { deflateSync, inflateSync } from 'node:zlib';
import type { Extent } from '@emoeditor/shared';
import { Cursor, type Range } from './cursor.ts';
import { packedLimit, packRow, unpackRow } from './packBits.ts';

/** Samples of one channel in the machine's own byte order; 16 bits run from 0 to 65535, floats from 0 to 1 and beyond. */
export type Samples = Uint8Array | Uint16Array | Float32Array;

export const RAW = 0;
export const RLE = 1;
export const ZIP = 2;
export const ZIP_PREDICTED = 3;

/** How the samples of a document are stored. */
export interface SampleKind {
  readonly depth: number;
  /** Rows of RLE say their length in 4 bytes instead of 2. */
  readonly isLarge: boolean;
}

/** One channel of a layer, from its compression on. @throws RangeError, Error of zlib */
export function decodeChannel(
  bytes: Uint8Array,
  { start, end }: Range,
  extent: Extent,
  kind: SampleKind,
): Samples {
  const cursor = new Cursor(bytes, start, end);
  return decodePlanes(cursor, cursor.u16(), extent, 1, kind)[0] as Samples;
}

/** Planes that share one compression, as in the merged picture. */
export function decodePlanes(
  cursor: Cursor,
  compression: number,
  { width, height }: Extent,
  planes: number,
  kind: SampleKind,
): Samples[] {
  const rowBytes = (width * kind.depth) / 8;
  const planeBytes = rowBytes * height;
  const raw = rawBytes(cursor, compression, { rowBytes, rows: height * planes }, kind);
  return Array.from({ length: planes }, (_, i) => {
    const plane = raw.subarray(i * planeBytes, (i + 1) * planeBytes);
    if (compression === ZIP_PREDICTED) undoPrediction(plane, rowBytes, kind.depth);
    if (kind.depth === 32) return floatsOf(plane);
    return kind.depth === 16 ? swapped(plane) : plane;
  });
}

interface Rows {
  readonly rowBytes: number;
  readonly rows: number;
}

function rawBytes(
  cursor: Cursor,
  compression: number,
  { rowBytes, rows }: Rows,
  { isLarge }: SampleKind,
): Uint8Array {
  const total = rowBytes * rows;
  if (compression === RAW) {
    const start = cursor.skip(total);
    // A copy: `slice` of a Buffer would be a view of the file.
    return new Uint8Array(cursor.bytes.subarray(start, start + total));
  }
  if (compression === RLE) {
    const lengths = Array.from({ length: rows }, () => (isLarge ? cursor.u32() : cursor.u16()));
    const out = new Uint8Array(total);
    for (const [y, length] of lengths.entries()) {
      const start = cursor.skip(length);
      const packed = cursor.bytes.subarray(start, start + length);
      unpackRow(packed, out.subarray(y * rowBytes, (y + 1) * rowBytes));
    }
    return out;
  }
  if (compression !== ZIP && compression !== ZIP_PREDICTED) {
    throw new RangeError(`Expected compression 0 to 3 but received ${compression}.`);
  }
  const packed = cursor.bytes.subarray(cursor.at, cursor.end);
  const out = new Uint8Array(inflateSync(packed, { maxOutputLength: total + 1 }));
  if (out.length !== total) {
    throw new RangeError(`Expected ${total} bytes in the channel but received ${out.length}.`);
  }
  return out;
}

/** Each sample is stored as its difference from the one before it in the row. */
function undoPrediction(plane: Uint8Array, rowBytes: number, depth: number): void {
  if (depth === 32) {
    undoFloatPrediction(plane, rowBytes);
    return;
  }
  const step = depth / 8;
  for (let row = 0; row < plane.length; row += rowBytes) {
    for (let at = row + step; at < row + rowBytes; at += step) {
      if (step === 1) {
        plane[at] = (plane[at] as number) + (plane[at - 1] as number);
        continue;
      }
      const sum =
        (plane[at - 2] as number) * 256 +
        (plane[at - 1] as number) +
        (plane[at] as number) * 256 +
        (plane[at + 1] as number);
      plane[at] = sum >> 8;
      plane[at + 1] = sum;
    }
  }
}

/**
 * Floats are predicted byte by byte, in rows that have all first bytes before all second ones (as TIFF's predictor 3,
 * Adobe Photoshop TIFF Technical Note 3).
 */
function undoFloatPrediction(plane: Uint8Array, rowBytes: number): void {
  const width = rowBytes / 4;
  const row = new Uint8Array(rowBytes);
  for (let start = 0; start < plane.length; start += rowBytes) {
    for (let at = start + 1; at < start + rowBytes; at++) {
      plane[at] = (plane[at] as number) + (plane[at - 1] as number);
    }
    row.set(plane.subarray(start, start + rowBytes));
    for (let x = 0; x < width; x++) {
      for (let k = 0; k < 4; k++) plane[start + x * 4 + k] = row[k * width + x] as number;
    }
  }
}

/** Big-endian bytes → floats. */
function floatsOf(plane: Uint8Array): Float32Array {
  const view = new DataView(plane.buffer, plane.byteOffset, plane.byteLength);
  return Float32Array.from({ length: plane.length >> 2 }, (_, i) => view.getFloat32(i * 4));
}

/** Big-endian bytes → samples. */
function swapped(plane: Uint8Array): Uint16Array {
  const samples = new Uint16Array(plane.length >> 1);
  for (let i = 0; i < samples.length; i++) {
    samples[i] = ((plane[2 * i] as number) << 8) | (plane[2 * i + 1] as number);
  }
  return samples;
}

/** Samples → big-endian bytes. */
export function toFileOrder(samples: Samples): Uint8Array {
  if (samples instanceof Uint8Array) return samples;
  if (samples instanceof Float32Array) {
    const view = new DataView(new ArrayBuffer(samples.length * 4));
    for (let i = 0; i < samples.length; i++) view.setFloat32(i * 4, samples[i] as number);
    return new Uint8Array(view.buffer);
  }
  const bytes = new Uint8Array(samples.length * 2);
  for (let i = 0; i < samples.length; i++) {
    bytes[2 * i] = (samples[i] as number) >> 8;
    bytes[2 * i + 1] = samples[i] as number;
  }
  return bytes;
}

/**
 * One channel of a layer with its compression: RLE for 8 bits and ZIP for more, as Photoshop writes them. RLE finds no
 * runs in samples of several bytes.
 */
export function encodeChannel(samples: Samples, extent: Extent, isLarge: boolean): Buffer {
  if (!(samples instanceof Uint8Array)) {
    return Buffer.concat([Buffer.from([0, ZIP]), deflateSync(toFileOrder(samples), { level: 4 })]);
  }
  const { lengths, rows } = packPlane(samples, extent.width, isLarge);
  return Buffer.concat([Buffer.from([0, RLE]), lengths, rows]);
}

/** Row lengths and rows of RLE apart: the merged picture has all lengths first. @param rowBytes bytes of a row */
export function packPlane(plane: Uint8Array, rowBytes: number, isLarge: boolean) {
  const height = plane.length / rowBytes;
  const lengths = Buffer.alloc(height * (isLarge ? 4 : 2));
  const rows = Buffer.alloc(height * packedLimit(rowBytes));
  let at = 0;
  for (let y = 0; y < height; y++) {
    const end = packRow(plane.subarray(y * rowBytes, (y + 1) * rowBytes), rows, at);
    if (isLarge) lengths.writeUInt32BE(end - at, y * 4);
    else lengths.writeUInt16BE(end - at, y * 2);
    at = end;
  }
  return { lengths, rows: rows.subarray(0, at) };
}
