import type { PixelBuffer } from '@emoeditor/shared';

/** TIFF 6.0 field types and their sizes in bytes. */
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const UNDEFINED = 7;

interface Field {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** The value itself, or the offset where it lies when it needs more than four bytes. */
  readonly value: number;
}

/**
 * Wraps samples and their ICC profile into an uncompressed TIFF in memory. libvips attaches a profile only by
 * converting into it; pixels that are already in that space have to arrive with the profile on them.
 * @param pixels RGB or RGBA, 8 or 16 bit; a range of 32768 is scaled to 65535
 * @param density pixels per inch, or null
 */
export function tiffContainer(
  { format, data }: PixelBuffer,
  icc: Uint8Array | null,
  density: number | null,
): Buffer {
  const { width, height, channels } = format;
  const wide = format.sample === 'uint16';
  const pixelBytes = width * height * channels * (wide ? 2 : 1);
  const start = 8;
  const bitsAt = start + pixelBytes + (pixelBytes & 1);
  const densityAt = bitsAt + 8;
  const iccAt = densityAt + 8;
  const directoryAt = iccAt + (icc === null ? 0 : icc.length + (icc.length & 1));
  const fields: Field[] = [
    { tag: 256, type: LONG, count: 1, value: width },
    { tag: 257, type: LONG, count: 1, value: height },
    { tag: 258, type: SHORT, count: channels, value: bitsAt },
    { tag: 259, type: SHORT, count: 1, value: 1 },
    { tag: 262, type: SHORT, count: 1, value: 2 },
    { tag: 273, type: LONG, count: 1, value: start },
    { tag: 277, type: SHORT, count: 1, value: channels },
    { tag: 278, type: LONG, count: 1, value: height },
    { tag: 279, type: LONG, count: 1, value: pixelBytes },
    { tag: 282, type: RATIONAL, count: 1, value: densityAt },
    { tag: 283, type: RATIONAL, count: 1, value: densityAt },
    { tag: 296, type: SHORT, count: 1, value: density === null ? 1 : 2 },
  ];
  // 2 = unassociated alpha: colour is not multiplied by it.
  if (channels === 4) fields.push({ tag: 338, type: SHORT, count: 1, value: 2 });
  if (icc !== null) fields.push({ tag: 34675, type: UNDEFINED, count: icc.length, value: iccAt });
  const file = Buffer.alloc(directoryAt + 2 + fields.length * 12 + 4);
  file.write('II*\0', 0, 'latin1');
  file.writeUInt32LE(directoryAt, 4);
  writeSamples(file, start, data, format.range);
  for (let k = 0; k < channels; k++) file.writeUInt16LE(wide ? 16 : 8, bitsAt + 2 * k);
  file.writeUInt32LE(Math.round((density ?? 1) * 1000), densityAt);
  file.writeUInt32LE(1000, densityAt + 4);
  if (icc !== null) file.set(icc, iccAt);
  file.writeUInt16LE(fields.length, directoryAt);
  for (const [i, { tag, type, count, value }] of fields.entries()) {
    const at = directoryAt + 2 + i * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(value, at + 8);
  }
  return file;
}

function writeSamples(file: Buffer, at: number, data: PixelBuffer['data'], range: number): void {
  if (data instanceof Uint8Array) {
    file.set(data, at);
    return;
  }
  const samples = new Uint16Array(file.buffer, file.byteOffset + at, data.length);
  if (range === 65535) samples.set(data);
  else
    for (let i = 0; i < data.length; i++)
      samples[i] = Math.round(((data[i] as number) * 65535) / range);
}
