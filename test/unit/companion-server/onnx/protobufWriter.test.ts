import { createProtobufWriter } from '@emoeditor/companion-server/onnx/protobufWriter.ts';
import { describe, expect, it } from 'vitest';

/** Expected bytes: protobuf.dev, encoding. */
describe('createProtobufWriter', () => {
  it.each([
    ['150 as a varint', 1, 150, [0x08, 0x96, 0x01]],
    ['zero', 1, 0, [0x08, 0x00]],
    ['-1 in ten bytes', 1, -1, [0x08, ...Array(9).fill(0xff), 0x01]],
    ['a field number beyond 15 in a two-byte tag', 20, 1, [0xa0, 0x01, 0x01]],
    ['2^53 as a bigint', 1, 2n ** 53n, [0x08, ...Array(7).fill(0x80), 0x10]],
  ])('writes %s', (_, field, value, bytes) => {
    expect([...createProtobufWriter().int(field, value).finish()]).toEqual(bytes);
  });

  it('writes strings in UTF-8 with their length in bytes', () => {
    expect([...createProtobufWriter().string(2, 'é').finish()]).toEqual([0x12, 2, 0xc3, 0xa9]);
  });

  it('writes floats little-endian', () => {
    expect([...createProtobufWriter().float(1, 1).finish()]).toEqual([0x0d, 0, 0, 0x80, 0x3f]);
  });

  it('nests messages', () => {
    const bytes = createProtobufWriter()
      .message(3, (inner) => inner.int(1, 150))
      .finish();
    expect([...bytes]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
  });
});
