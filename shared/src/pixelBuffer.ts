import * as z from 'zod/mini';

/** Longest name of an ICC profile; the longest that a vendor ships has about 60 characters. */
const MAX_PROFILE_LENGTH = 200;

/**
 * How pixels lie in memory: interleaved, row by row, no padding.
 * `range` is the sample value that means 1.0. Photoshop's 16-bit samples run 0..32768, files' run 0..65535;
 * keeping the host's own range on the wire is what makes an untouched pixel come back bit-exact.
 */
export const pixelFormatSchema = z.object({
  width: z.int().check(z.positive()),
  height: z.int().check(z.positive()),
  channels: z.union([z.literal(1), z.literal(3), z.literal(4)]),
  sample: z.enum(['uint8', 'uint16', 'float32']),
  range: z.union([z.literal(1), z.literal(255), z.literal(32768), z.literal(65535)]),
  /** Name of the ICC profile of the samples, e.g. `sRGB IEC61966-2.1`. */
  profile: z.string().check(z.maxLength(MAX_PROFILE_LENGTH)),
});
export type PixelFormat = z.infer<typeof pixelFormatSchema>;

export type PixelData = Uint8Array | Uint16Array | Float32Array;

export interface PixelBuffer {
  readonly format: PixelFormat;
  readonly data: PixelData;
}

export const SRGB_PROFILE = 'sRGB IEC61966-2.1';

const BYTES_PER_SAMPLE = { uint8: 1, uint16: 2, float32: 4 } as const;

export function byteLength(format: PixelFormat): number {
  return format.width * format.height * format.channels * BYTES_PER_SAMPLE[format.sample];
}

/** The samples as bytes, without a copy; the wire is little-endian like every machine that runs Photoshop. */
export function toBytes(buffer: PixelBuffer): Uint8Array {
  return new Uint8Array(buffer.data.buffer, buffer.data.byteOffset, buffer.data.byteLength);
}

/** @throws RangeError when the bytes do not fill the format exactly. */
export function fromBytes(format: PixelFormat, bytes: Uint8Array): PixelBuffer {
  const expected = byteLength(format);
  if (bytes.byteLength !== expected) {
    throw new RangeError(
      `Expected ${expected} bytes for ${format.width}×${format.height}×${format.channels} ${format.sample} pixels but received ${bytes.byteLength}.`,
    );
  }
  if (format.sample === 'uint8') return { format, data: bytes };
  // Typed-array views need an aligned start; frames give no such promise.
  const aligned = bytes.byteOffset % BYTES_PER_SAMPLE[format.sample] === 0 ? bytes : bytes.slice();
  const samples = expected / BYTES_PER_SAMPLE[format.sample];
  const buffer = aligned.buffer as ArrayBuffer;
  const data =
    format.sample === 'uint16'
      ? new Uint16Array(buffer, aligned.byteOffset, samples)
      : new Float32Array(buffer, aligned.byteOffset, samples);
  return { format, data };
}
