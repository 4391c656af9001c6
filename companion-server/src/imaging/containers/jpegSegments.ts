export interface JpegSegment {
  /** The second byte of the marker: 0xe1 for APP1. */
  readonly marker: number;
  readonly data: Uint8Array;
}

const START_OF_SCAN = 0xda;

/** The segments of a JPEG before its first scan. Empty for what is no JPEG. */
export function jpegSegments(bytes: Uint8Array): JpegSegment[] {
  const segments: JpegSegment[] = [];
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return segments;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = view.getUint16(at + 2);
    if (marker === START_OF_SCAN || length < 2 || at + 2 + length > bytes.length) break;
    segments.push({ marker, data: bytes.subarray(at + 4, at + 2 + length) });
    at += 2 + length;
  }
  return segments;
}

/** The most bytes of data that a segment holds. */
export const MOST_SEGMENT = 65_533;

/** The JPEG with further segments behind the JFIF one. */
export function withJpegSegments(jpeg: Uint8Array, added: readonly JpegSegment[]): Buffer {
  const isJfif = jpeg[2] === 0xff && jpeg[3] === 0xe0;
  const end = isJfif ? 4 + (((jpeg[4] as number) << 8) | (jpeg[5] as number)) : 2;
  const segments = added.map(({ marker, data }) => {
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(data.length + 2, 2);
    return Buffer.concat([head, data]);
  });
  return Buffer.concat([jpeg.subarray(0, end), ...segments, jpeg.subarray(end)]);
}
