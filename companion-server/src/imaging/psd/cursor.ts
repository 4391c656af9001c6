/** Reads big-endian numbers out of a part of a file and never beyond it. */
export class Cursor {
  readonly #view: DataView;
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;

  /** @throws RangeError when the part reaches beyond the bytes */
  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    if (at < 0 || at > end || end > bytes.length) throw beyond(at, end, bytes.length);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  /** Steps over `count` bytes and tells where they begin. @throws RangeError */
  skip(count: number): number {
    const start = this.at;
    if (!(count >= 0) || start + count > this.end) throw beyond(start, start + count, this.end);
    this.at = start + count;
    return start;
  }

  u8 = (): number => this.#view.getUint8(this.skip(1));
  u16 = (): number => this.#view.getUint16(this.skip(2));
  i16 = (): number => this.#view.getInt16(this.skip(2));
  u32 = (): number => this.#view.getUint32(this.skip(4));
  i32 = (): number => this.#view.getInt32(this.skip(4));

  /** A length: 4 bytes, or 8 in some places of a PSB. */
  length(isLong: boolean): number {
    if (!isLong) return this.u32();
    const high = this.u32();
    return high * 2 ** 32 + this.u32();
  }

  text(count: number): string {
    const start = this.skip(count);
    return Buffer.from(this.bytes.subarray(start, start + count)).toString('latin1');
  }

  /** The next `count` bytes as a range of the whole file. */
  range(count: number): Range {
    const start = this.skip(count);
    return { start, end: start + count };
  }

  /** A cursor over that range. */
  within({ start, end }: Range): Cursor {
    return new Cursor(this.bytes, start, end);
  }
}

/** Bytes of a file, from `start` up to but not including `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

function beyond(start: number, end: number, limit: number): RangeError {
  return new RangeError(`Expected bytes ${start} to ${end} but the part ends at ${limit}.`);
}
