import { float16ToFloat32 } from '../../tensor/float16.ts';
import { ImportError } from '../importError.ts';

/** Element types by the names that safetensors gives them. */
export type ElementType =
  | 'F64'
  | 'F32'
  | 'F16'
  | 'BF16'
  | 'I64'
  | 'I32'
  | 'I16'
  | 'I8'
  | 'U8'
  | 'BOOL';

export const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

/** The most that one tensor may have: they are kept in a Float32Array. */
export const MAX_ELEMENTS = 2 ** 31;

export const tooLarge = (tensor: string, shape: readonly number[]) =>
  new ImportError(
    'UNSUPPORTED',
    `${tensor} has [${shape.join(', ')}] elements; one tensor may have ${MAX_ELEMENTS.toLocaleString('en-US')}.`,
    'No network that can be imported has such a tensor: check that this is the right file.',
  );

export const isElementType = (name: string): name is ElementType =>
  Object.hasOwn(ELEMENT_BYTES, name);

type Decode = (buffer: ArrayBuffer) => Float32Array<ArrayBuffer>;

const DECODE: Readonly<Record<ElementType, Decode>> = {
  F64: (buffer) => Float32Array.from(new Float64Array(buffer)),
  F32: (buffer) => new Float32Array(buffer),
  F16: (buffer) => float16ToFloat32(new Uint16Array(buffer)),
  BF16: (buffer) => {
    // bfloat16 is the upper half of a float32.
    const words = Uint32Array.from(new Uint16Array(buffer), (half) => half << 16);
    return new Float32Array(words.buffer);
  },
  I64: (buffer) => Float32Array.from(new BigInt64Array(buffer), Number),
  I32: (buffer) => Float32Array.from(new Int32Array(buffer)),
  I16: (buffer) => Float32Array.from(new Int16Array(buffer)),
  I8: (buffer) => Float32Array.from(new Int8Array(buffer)),
  U8: (buffer) => Float32Array.from(new Uint8Array(buffer)),
  BOOL: (buffer) => Float32Array.from(new Uint8Array(buffer), (byte) => Number(byte !== 0)),
};

/**
 * Little-endian elements as float32.
 * @param bytes a whole buffer of its own; float32 is not copied
 */
export function toFloat32(
  type: ElementType,
  bytes: Uint8Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  return DECODE[type](bytes.buffer);
}

/** Swaps the byte order of every element in place, for files written on a big-endian machine. */
export function swapElementBytes(type: ElementType, bytes: Uint8Array<ArrayBuffer>): void {
  const buffer = Buffer.from(bytes.buffer);
  const size = ELEMENT_BYTES[type];
  if (size === 2) buffer.swap16();
  if (size === 4) buffer.swap32();
  if (size === 8) buffer.swap64();
}
