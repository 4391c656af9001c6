const VARINT = 0;
const FIXED32 = 5;
const DELIMITED = 2;

/** Writes protocol buffer fields in the order of the calls. Source: protobuf.dev, encoding. */
export interface ProtobufWriter {
  /** int32, int64, enum and bool fields; negative values take ten bytes, as the format says. */
  int(field: number, value: number | bigint): ProtobufWriter;
  float(field: number, value: number): ProtobufWriter;
  string(field: number, value: string): ProtobufWriter;
  bytes(field: number, value: Uint8Array): ProtobufWriter;
  message(field: number, write: (inner: ProtobufWriter) => void): ProtobufWriter;
  finish(): Uint8Array;
}

export const createProtobufWriter = (): ProtobufWriter => new GrowingWriter();

/** A varint of 64 bits takes ten bytes of seven bits each. */
const LONGEST_VARINT = 10;
/** Bytes of a UTF-16 code unit in UTF-8, at most. */
const UTF8_PER_UNIT = 3;

/** Everything goes into one buffer: a graph has tens of thousands of small messages. */
class GrowingWriter implements ProtobufWriter {
  #buffer = Buffer.allocUnsafe(1024);
  #end = 0;

  int(field: number, value: number | bigint): this {
    this.#tag(field, VARINT);
    this.#varint(value);
    return this;
  }

  float(field: number, value: number): this {
    this.#tag(field, FIXED32);
    this.#reserve(4);
    this.#end = this.#buffer.writeFloatLE(value, this.#end);
    return this;
  }

  string(field: number, value: string): this {
    return this.message(field, () => {
      this.#reserve(value.length * UTF8_PER_UNIT);
      this.#end += this.#buffer.write(value, this.#end, 'utf8');
    });
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, DELIMITED);
    this.#varint(value.length);
    this.#reserve(value.length);
    this.#buffer.set(value, this.#end);
    this.#end += value.length;
    return this;
  }

  message(field: number, write: (inner: ProtobufWriter) => void): this {
    this.#tag(field, DELIMITED);
    const begin = this.#end;
    write(this);
    // The length stands before the content and is known after it: move the content by as much as its length takes.
    const length = this.#end - begin;
    this.#varint(length);
    const taken = this.#end - begin - length;
    this.#buffer.copyWithin(begin + taken, begin, begin + length);
    this.#end = begin;
    this.#varint(length);
    this.#end = begin + taken + length;
    return this;
  }

  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#end);
  }

  #tag(field: number, type: number): void {
    this.#varint(field * 8 + type);
  }

  #varint(value: number | bigint): void {
    this.#reserve(LONGEST_VARINT);
    if (typeof value === 'number' && value >= 0 && value < 2 ** 31) {
      let rest = value;
      for (; rest > 127; rest >>>= 7) this.#buffer[this.#end++] = (rest & 127) | 128;
      this.#buffer[this.#end++] = rest;
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) this.#buffer[this.#end++] = Number(rest & 127n) | 128;
    this.#buffer[this.#end++] = Number(rest);
  }

  /** Makes room for so many bytes behind the end. */
  #reserve(bytes: number): void {
    const needed = this.#end + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#buffer.length));
    this.#buffer.copy(larger, 0, 0, this.#end);
    this.#buffer = larger;
  }
}
