const DELIMITED = 2;

/** A field of a protocol buffer message. */
export interface Field {
  readonly number: number;
  /** Without tag and length; null for numbers. */
  readonly payload: Uint8Array | null;
  readonly whole: Uint8Array;
}

/** The fields of a message in their order. Source: protobuf.dev, encoding. */
export function fieldsOf(message: Uint8Array): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = () => {
    let [value, shift, byte] = [0, 1, 128];
    while (byte >= 128) {
      byte = message[at++] as number;
      value += (byte & 127) * shift;
      shift *= 128;
    }
    return value;
  };
  /** Bytes of a field of a fixed size. Source: protobuf.dev, wire types. */
  const fixed: Readonly<Record<number, number>> = { 1: 8, 5: 4 };
  while (at < message.length) {
    const start = at;
    const tag = varint();
    const number = Math.floor(tag / 8);
    const isDelimited = tag % 8 === DELIMITED;
    const length = isDelimited ? varint() : (fixed[tag % 8] ?? 0);
    if (tag % 8 === 0) varint();
    const from = at;
    at += length;
    const payload = isDelimited ? message.subarray(from, at) : null;
    fields.push({ number, payload, whole: message.subarray(start, at) });
  }
  return fields;
}
