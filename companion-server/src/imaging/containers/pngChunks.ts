import { crc32 } from '@emoeditor/shared';

export interface PngChunk {
  readonly type: string;
  readonly data: Uint8Array;
}

const SIGNATURE = 8;

/** The chunks of a PNG up to its pixels, or all of them that are whole. Empty for what is no PNG. */
export function pngChunks(bytes: Uint8Array): PngChunk[] {
  const chunks: PngChunk[] = [];
  if (Buffer.from(bytes.subarray(0, 4)).toString('latin1') !== '\x89PNG') return chunks;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = SIGNATURE;
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at);
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1');
    if (at + 12 + length > bytes.length) break;
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/** The PNG with further chunks behind its header, where all of them may stand. */
export function withPngChunks(png: Uint8Array, added: readonly PngChunk[]): Buffer {
  // Signature, then IHDR: 4 bytes of length, 4 of type, 13 of data, 4 of checksum.
  const end = SIGNATURE + 25;
  return Buffer.concat([png.subarray(0, end), ...added.map(encodeChunk), png.subarray(end)]);
}

function encodeChunk({ type, data }: PngChunk): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  chunk.set(data, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)) >>> 0, 8 + data.length);
  return chunk;
}
