import { crc32 as zlibCrc32 } from 'node:zlib';
import {
  abortFrame,
  crc32,
  createFrameReader,
  decodeFrame,
  encodeFrame,
  FRAME_HEADER_BYTES,
  MAX_FRAME_BYTES,
  MAX_OPEN_STREAMS,
  MAX_STREAM_BYTES,
  ProtocolError,
  xxHash32,
} from '@emoeditor/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const bytesOf = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 31) & 255);

function framesOf(stream: number, bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const edges = [0, ...[...new Set(cuts)].sort((a, b) => a - b), bytes.length];
  return edges.slice(0, -1).map((offset, sequence) =>
    encodeFrame({
      stream,
      sequence,
      total: bytes.length,
      offset,
      payload: bytes.subarray(offset, edges[sequence + 1]),
    }),
  );
}

const streamAndCuts = fc
  .uint8Array({ minLength: 1, maxLength: 400 })
  .chain((bytes) =>
    fc.tuple(
      fc.constant(bytes),
      fc.array(fc.integer({ min: 1, max: Math.max(1, bytes.length - 1) }), { maxLength: 8 }),
    ),
  )
  .map(([bytes, cuts]) => ({ bytes, cuts: cuts.filter((cut) => cut < bytes.length) }));

function badFrame(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    expect((error as ProtocolError).code).toBe('BAD_FRAME');
    return;
  }
  throw new Error('Expected BAD_FRAME but nothing was thrown.');
}

describe('frame', () => {
  it('computes the CRC-32 of zlib', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(crc32(bytes)).toBe(zlibCrc32(bytes));
      }),
    );
  });

  it('[FR5] computes the XXH32 of other programs', () => {
    // Python, xxhash 4.1.0: xxh32(bytes(i * 31 & 255 for i in range(length)))
    const known = [
      [0, 46947589],
      [1, 3479547966],
      [3, 2070071232],
      [4, 585959844],
      [7, 3469889800],
      [15, 2731403072],
      [16, 2523416528],
      [17, 288485764],
      [31, 929756298],
      [32, 3376972365],
      [100, 878117534],
      [1000, 75240014],
    ] as const;
    expect(known.map(([length]) => [length, xxHash32(bytesOf(length))])).toEqual(known);
    // As part of another picture's bytes, at an odd address.
    expect(xxHash32(bytesOf(101).subarray(1))).toBe(xxHash32(bytesOf(101).slice(1)));
  });

  it('[FR1] lays the header out as the specification says', () => {
    const frame = encodeFrame({
      stream: 0x01020304,
      sequence: 5,
      total: 9,
      offset: 6,
      payload: Uint8Array.of(49, 50, 51),
    });
    // Python, xxhash 4.1.0: xxh32(b'123') == 0xb6855437
    expect([...frame]).toEqual([
      ...[0x45, 0x4d, 0x4f, 0x46, 4, 3, 2, 1, 5, 0, 0, 0, 9, 0, 0, 0, 6, 0, 0, 0, 3, 0, 0, 0],
      ...[0x37, 0x54, 0x85, 0xb6, 49, 50, 51],
    ]);
  });

  it('[FR1] keeps a frame at or below 1 MiB', () => {
    const full = new Uint8Array(MAX_FRAME_BYTES - FRAME_HEADER_BYTES);
    const frame = { stream: 1, sequence: 0, total: full.length, offset: 0, payload: full };
    expect(decodeFrame(encodeFrame(frame)).payload.length).toBe(full.length);
    expect(() => encodeFrame({ ...frame, payload: new Uint8Array(full.length + 1) })).toThrow(
      RangeError,
    );
    badFrame(() => decodeFrame(new Uint8Array(MAX_FRAME_BYTES + 1)));
  });

  it('reads a frame that starts at an odd address', () => {
    const frame = encodeFrame({
      stream: 3,
      sequence: 0,
      total: 4,
      offset: 0,
      payload: bytesOf(4),
    });
    const shifted = new Uint8Array(frame.length + 1);
    shifted.set(frame, 1);
    expect(decodeFrame(shifted.subarray(1))).toMatchObject({ stream: 3, payload: bytesOf(4) });
  });
});

describe('frame reader', () => {
  it('[FR3] puts any chunking together again', () => {
    fc.assert(
      fc.property(streamAndCuts, ({ bytes, cuts }) => {
        const reader = createFrameReader();
        reader.expect(1, bytes.length);
        const outcomes = framesOf(1, bytes, cuts).map((frame) => reader.accept(frame));
        expect(outcomes.at(-1)).toEqual({ kind: 'complete', stream: 1, bytes });
        expect(outcomes.slice(0, -1).every(({ kind }) => kind === 'partial')).toBe(true);
      }),
    );
  });

  it('[FR5] refuses any change of any byte, or reads the same stream', () => {
    fc.assert(
      fc.property(
        streamAndCuts,
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        ({ bytes, cuts }, which, where, flip) => {
          const frames = framesOf(1, bytes, cuts);
          const broken = frames[which % frames.length] as Uint8Array;
          broken[where % broken.length] = (broken[where % broken.length] as number) ^ flip;
          const reader = createFrameReader();
          reader.expect(1, bytes.length);
          badFrame(() => {
            for (const frame of frames) reader.accept(frame);
          });
        },
      ),
    );
  });

  it('[FR3] refuses frames out of order, repeated or missing', () => {
    fc.assert(
      fc.property(streamAndCuts, fc.nat(), fc.nat(), ({ bytes, cuts }, first, second) => {
        const frames = framesOf(1, bytes, cuts);
        fc.pre(frames.length > 1);
        const from = first % frames.length;
        const to = second % frames.length;
        fc.pre(from !== to);
        const moved = frames.filter((_, index) => index !== from);
        moved.splice(to, 0, frames[from] as Uint8Array);
        const repeated = [...frames.slice(0, from + 1), ...frames.slice(from)];
        const missing = frames.filter((_, index) => index !== from);
        for (const [wrong, mayStayOpen] of [
          [moved, false],
          [repeated, false],
          [missing, from === frames.length - 1],
        ] as const) {
          const reader = createFrameReader();
          reader.expect(1, bytes.length);
          const feed = () => wrong.map((frame) => reader.accept(frame).kind);
          if (mayStayOpen) expect(feed()).not.toContain('complete');
          else badFrame(feed);
        }
      }),
    );
  });

  it('[FR1] refuses a truncated frame of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.nat(), (bytes, cut) => {
        const [frame] = framesOf(1, bytes, []) as [Uint8Array];
        const reader = createFrameReader();
        reader.expect(1, bytes.length);
        badFrame(() => reader.accept(frame.subarray(0, cut % frame.length)));
      }),
    );
  });

  it('never throws anything but BAD_FRAME at any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (noise, withMagic) => {
        const bytes = noise.slice();
        if (withMagic && bytes.length >= 4) bytes.set([0x45, 0x4d, 0x4f, 0x46]);
        const reader = createFrameReader();
        reader.expect(1, null);
        badFrame(() => reader.accept(bytes));
      }),
    );
  });

  it('[FR2] refuses a stream that no message announced and numbers that do not rise', () => {
    const reader = createFrameReader();
    reader.expect(4, 3);
    badFrame(() => reader.accept(framesOf(5, bytesOf(3), [])[0] as Uint8Array));
    badFrame(() => reader.expect(4, 3));
    badFrame(() => reader.expect(2, 3));
    badFrame(() => reader.expect(1.5, 3));
  });

  it('[FR4] refuses a total other than announced or above the limit', () => {
    const reader = createFrameReader();
    reader.expect(1, 4);
    badFrame(() => reader.accept(framesOf(1, bytesOf(5), [])[0] as Uint8Array));
    reader.expect(2, null);
    badFrame(() =>
      reader.accept(
        encodeFrame({
          stream: 2,
          sequence: 0,
          total: MAX_STREAM_BYTES + 1,
          offset: 0,
          payload: bytesOf(8),
        }),
      ),
    );
  });

  it('[FR7] holds no more than the allowed streams at a time', () => {
    const reader = createFrameReader();
    for (let stream = 1; stream <= MAX_OPEN_STREAMS; stream += 1) reader.expect(stream, 2);
    badFrame(() => reader.expect(MAX_OPEN_STREAMS + 1, 2));
    reader.accept(framesOf(1, bytesOf(2), [])[0] as Uint8Array);
    reader.expect(MAX_OPEN_STREAMS + 1, 2);
  });

  it('[FR8] forgets a stream that its sender gave up', () => {
    const reader = createFrameReader();
    reader.expect(1, 6);
    const [first, second] = framesOf(1, bytesOf(6), [3]) as [Uint8Array, Uint8Array];
    reader.accept(first);
    expect(reader.accept(abortFrame(1))).toEqual({ kind: 'aborted', stream: 1 });
    badFrame(() => reader.accept(second));
  });

  it('[FR9] checks and drops the frames of a refused message', () => {
    const reader = createFrameReader();
    reader.discard(1);
    const [first, second] = framesOf(1, bytesOf(6), [3]) as [Uint8Array, Uint8Array];
    expect(reader.accept(first)).toEqual({ kind: 'partial' });
    expect(reader.accept(second)).toEqual({ kind: 'dropped', stream: 1 });
  });
});
