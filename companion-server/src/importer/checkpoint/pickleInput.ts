import { ImportError } from '../importError.ts';

/** Longest module or class name that is read, in bytes. */
const MAX_LINE = 256;

/** Reads the operands of a pickle, never beyond its end. */
export interface PickleInput {
  /** Position of the next byte. */
  position(): number;
  u8(): number;
  u16(): number;
  u32(): number;
  i32(): number;
  /** Length of 8 bytes. */
  length64(): number;
  f64(): number;
  bytes(length: number): Uint8Array;
  text(length: number): string;
  /** Reads up to a line feed, which is skipped. */
  line(): string;
  /** Signed little-endian integer of so many bytes. */
  integer(length: number): number | bigint;
  /** NOT_A_CHECKPOINT, with the position. */
  damaged(what: string): ImportError;
}

/** @param where the pickle's name in messages */
export function createPickleInput(pickle: Uint8Array<ArrayBuffer>, where: string): PickleInput {
  const view = new DataView(pickle.buffer, pickle.byteOffset, pickle.byteLength);
  let at = 0;
  const damaged = (what: string) =>
    new ImportError(
      'NOT_A_CHECKPOINT',
      `${where} is no pickle that PyTorch wrote: ${what} at byte ${at}.`,
      'The file is damaged: copy or download it again.',
    );
  const take = (length: number): number => {
    if (length > pickle.length - at) throw damaged(`it ends within ${length} bytes`);
    at += length;
    return at - length;
  };
  return {
    position: () => at,
    u8: () => view.getUint8(take(1)),
    u16: () => view.getUint16(take(2), true),
    u32: () => view.getUint32(take(4), true),
    i32: () => view.getInt32(take(4), true),
    length64: () => Number(view.getBigUint64(take(8), true)),
    f64: () => view.getFloat64(take(8)),
    bytes(length) {
      const from = take(length);
      return pickle.subarray(from, from + length);
    },
    text(length) {
      const from = take(length);
      return new TextDecoder().decode(pickle.subarray(from, from + length));
    },
    line() {
      const end = pickle.subarray(at, at + MAX_LINE).indexOf(0x0a);
      if (end < 0) throw damaged('a name has no end');
      const text = new TextDecoder().decode(pickle.subarray(at, at + end));
      at += end + 1;
      return text;
    },
    integer(length) {
      const from = take(length);
      let value = 0n;
      for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(view.getUint8(from + i));
      value = BigInt.asIntN(8 * length, value);
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    },
    damaged,
  };
}
