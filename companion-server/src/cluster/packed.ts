import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';

/**
 * Plain data with typed arrays as bytes, and back: JSON with references into what follows it. Unlike Node's own format it
 * is the same in all versions, and nothing in it is believed: whoever reads it checks the shape.
 *
 * Layout: 4 bytes length of the JSON (little-endian), the JSON, then the arrays, each at a multiple of 8 from the start.
 */
const ARRAYS = {
  u8: Uint8Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;
type ArrayKind = keyof typeof ARRAYS;
type TypedArray = Uint8Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** Floats that are exactly eighth-bit samples, n / 255, take a byte each. */
const EIGHT_BITS = 'f32of255';
const ALIGNMENT = 8;
const LENGTH_BYTES = 4;
/** Fast; a higher level gains some percent and takes several times as long. */
const LEVEL = 1;
/** Inflated, so that few bytes cannot fill the memory. */
const LARGEST = 512 * 2 ** 20;

const deflated = promisify(deflateRaw);
const inflated = promisify(inflateRaw);

/** @throws TypeError for what is not plain data */
export async function pack(value: unknown): Promise<Uint8Array> {
  const arrays: Uint8Array[] = [];
  let end = 0;
  const json = JSON.stringify(value, function (this: Record<string, unknown>, key, made: unknown) {
    // Not what a Buffer makes of itself for JSON.
    const part = ArrayBuffer.isView(this[key]) ? this[key] : made;
    if (typeof part === 'number' && !Number.isFinite(part)) return { $number: String(part) };
    if (!ArrayBuffer.isView(part)) return part;
    const [kind, stored] = asStored(part);
    const at = aligned(end);
    arrays.push(new Uint8Array(at - end), bytesOf(stored));
    end = at + stored.byteLength;
    return { $array: [kind, at, stored.length] };
  });
  const text = Buffer.from(json);
  const before = Buffer.alloc(aligned(LENGTH_BYTES + text.length));
  before.writeUInt32LE(text.length);
  text.copy(before, LENGTH_BYTES);
  return deflated(Buffer.concat([before, ...arrays]), { level: LEVEL });
}

/** @throws RangeError, SyntaxError for what {@link pack} did not make */
export async function unpack(packed: Uint8Array): Promise<unknown> {
  const bytes = await inflated(packed, { maxOutputLength: LARGEST });
  const length = bytes.readUInt32LE();
  const start = aligned(LENGTH_BYTES + length);
  const text = bytes.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + length);
  const arrays = bytesOf(bytes.subarray(start));
  return JSON.parse(text, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null) return part;
    if ('$number' in part) return Number(part.$number);
    if ('$array' in part) return arrayAt(arrays, part.$array);
    return part;
  });
}

const aligned = (offset: number) => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  new Uint8Array(buffer, byteOffset, byteLength);

function asStored(part: ArrayBufferView): [string, TypedArray] {
  if (part instanceof Float32Array) {
    const samples = eightBits(part);
    return samples === null ? ['f32', part] : [EIGHT_BITS, samples];
  }
  for (const [kind, type] of Object.entries(ARRAYS)) {
    if (part instanceof type) return [kind, part];
  }
  throw new TypeError(`Expected an array of numbers but received a ${part.constructor.name}.`);
}

/** The samples, or null where one of them is not exactly n / 255. */
function eightBits(floats: Float32Array): Uint8Array | null {
  const samples = new Uint8Array(floats.length);
  for (let i = 0; i < floats.length; i++) {
    const sample = Math.round((floats[i] as number) * 255);
    if (!Object.is(Math.fround(sample / 255), floats[i])) return null;
    samples[i] = sample;
  }
  return samples;
}

function arrayAt(bytes: Uint8Array, reference: unknown): TypedArray {
  const [kind, at, length] = reference as [string, number, number];
  const isKnown = typeof kind === 'string' && Object.hasOwn(ARRAYS, kind);
  const type = isKnown ? ARRAYS[kind as ArrayKind] : kind === EIGHT_BITS ? Uint8Array : undefined;
  const isWhole = Number.isInteger(at) && Number.isInteger(length) && at >= 0 && length >= 0;
  const end = type === undefined || !isWhole ? Infinity : at + length * type.BYTES_PER_ELEMENT;
  if (type === undefined || end > bytes.length) {
    throw new RangeError(`Expected an array inside ${bytes.length} bytes but read ${reference}.`);
  }
  // A copy: aligned, and without the memory of all the others.
  const array = new type(bytes.slice(at, end).buffer);
  return kind === EIGHT_BITS ? Float32Array.from(array, (sample) => sample / 255) : array;
}
