import type { PixelBuffer, PixelData, PixelFormat } from '@emoeditor/shared';

/** Room for a result; never the same memory, which a Node Buffer's slice() would share. */
export function emptyLike(data: PixelData, length = data.length): PixelData {
  if (data instanceof Uint8Array) return new Uint8Array(length);
  if (data instanceof Uint16Array) return new Uint16Array(length);
  return new Float32Array(length);
}

/** One row of a tile as planar colour in [0, 1] and its guide. Reused from row to row. */
export interface RowBuffers {
  readonly color: readonly [Float32Array, Float32Array, Float32Array];
  readonly luma: Float32Array;
  readonly delta: readonly [Float32Array, Float32Array, Float32Array];
}

export function rowBuffers(width: number): RowBuffers {
  const line = () => new Float32Array(width);
  return { color: [line(), line(), line()], luma: line(), delta: [line(), line(), line()] };
}

/** Reads row `y`; samples outside 0…range (float documents) are clamped for the model of the edit only. */
export function loadRow({ format, data }: PixelBuffer, y: number, buffers: RowBuffers): void {
  const { width, channels, range } = format;
  const [red, green, blue] = buffers.color;
  const { luma } = buffers;
  const scale = 1 / range;
  let at = y * width * channels;
  for (let x = 0; x < width; x++, at += channels) {
    const r = Math.min(1, Math.max(0, (data[at] as number) * scale));
    const g = Math.min(1, Math.max(0, (data[at + 1] as number) * scale));
    const b = Math.min(1, Math.max(0, (data[at + 2] as number) * scale));
    red[x] = r;
    green[x] = g;
    blue[x] = b;
    luma[x] = 0.25 * r + 0.5 * g + 0.25 * b;
  }
}

/** Multipliers of the R2 sequence (Roberts 2018) as 32-bit fractions: a dither without visible pattern or clumps. */
const R2_X = 0xc13fa9a9;
const R2_Y = 0x91e10da6;

/** A position in the layer as one number of 32 bits. */
export function ditherPosition(x: number, y: number): number {
  return (Math.imul(x, R2_X) + Math.imul(y, R2_Y)) | 0;
}

/** Threshold in [0, 1), of 16 bits so that it is exact in float32 too; it depends on the position in the layer alone, so every tiling dithers alike. */
export function ditherThreshold(x: number, y: number, channel: number): number {
  const mixed = ditherPosition(x, y) + Math.imul(channel, 0x55555555);
  return (mixed >>> 16) / 0x10000;
}

/**
 * Writes row `y` of the result: source + intensity · delta. A sample whose change is exactly zero keeps its value,
 * alpha and everything under alpha 0 keep theirs always.
 * @param left column of the layer that the row starts at
 * @param top row of the layer that this row is
 */
export function storeRow(
  source: PixelBuffer,
  y: number,
  buffers: RowBuffers,
  intensity: number,
  left: number,
  top: number,
  out: PixelData,
): void {
  const { format, data } = source;
  const { width, channels, range } = format;
  const gain = intensity * range;
  for (let x = 0; x < width; x++) {
    const at = (y * width + x) * channels;
    const visible = channels === 3 || data[at + 3] !== 0;
    for (let k = 0; k < 3; k++) {
      const value = data[at + k] as number;
      const delta = (buffers.delta[k] as Float32Array)[x] as number;
      out[at + k] =
        visible && delta !== 0
          ? quantise(value + gain * delta, value, format, left + x, top, k)
          : value;
    }
    if (channels === 4) out[at + 3] = data[at + 3] as number;
  }
}

/** To the sample's own type: 8 bit dithered, 16 bit rounded, float kept; never outside the range unless the source was. */
function quantise(
  wanted: number,
  source: number,
  { sample, range }: PixelFormat,
  x: number,
  y: number,
  channel: number,
): number {
  const clamped = Math.min(Math.max(range, source), Math.max(Math.min(0, source), wanted));
  if (sample === 'float32') return clamped;
  return Math.floor(clamped + (sample === 'uint8' ? ditherThreshold(x, y, channel) : 0.5));
}
