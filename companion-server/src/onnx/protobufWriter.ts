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

export function createProtobufWriter(): ProtobufWriter {
  const parts: Uint8Array[] = [];
  const varint = (value: number | bigint) => {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    bytes.push(Number(rest));
    parts.push(Uint8Array.from(bytes));
  };
  const tag = (field: number, type: number) => varint(field * 8 + type);
  const writer: ProtobufWriter = {
    int(field, value) {
      tag(field, VARINT);
      varint(value);
      return writer;
    },
    float(field, value) {
      tag(field, FIXED32);
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setFloat32(0, value, true);
      parts.push(bytes);
      return writer;
    },
    string: (field, value) => writer.bytes(field, new TextEncoder().encode(value)),
    bytes(field, value) {
      tag(field, DELIMITED);
      varint(value.length);
      parts.push(value);
      return writer;
    },
    message(field, write) {
      const inner = createProtobufWriter();
      write(inner);
      return writer.bytes(field, inner.finish());
    },
    finish: () => Buffer.concat(parts),
  };
  return writer;
}
