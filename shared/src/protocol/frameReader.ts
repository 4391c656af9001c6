import { ABORT_SEQUENCE, decodeFrame, type Frame } from './frame.ts';
import { badFrame } from './protocolError.ts';
import { MAX_OPEN_STREAMS, MAX_STREAM_BYTES } from './version.ts';

export type FrameOutcome =
  | { readonly kind: 'partial' }
  | { readonly kind: 'complete'; readonly stream: number; readonly bytes: Uint8Array }
  /** The sender gave the stream up; such a frame costs no credit. */
  | { readonly kind: 'aborted'; readonly stream: number }
  /** The last frame of a discarded stream. */
  | { readonly kind: 'dropped'; readonly stream: number };

/** Reassembles streams. Holds at most `MAX_OPEN_STREAMS` × `MAX_STREAM_BYTES`, whatever arrives. */
export interface FrameReader {
  /** A message announced this stream; `byteLength` null when it did not say how long. */
  expect(stream: number, byteLength: number | null): void;
  /** A message that was refused announced this stream: its frames are checked and dropped. */
  discard(stream: number): void;
  /** @throws ProtocolError BAD_FRAME; the connection cannot be trusted afterwards. */
  accept(bytes: Uint8Array): FrameOutcome;
}

interface OpenStream {
  readonly announced: number | null;
  readonly keep: boolean;
  total: number | null;
  bytes: Uint8Array | null;
  received: number;
  sequence: number;
}

export function createFrameReader(): FrameReader {
  const open = new Map<number, OpenStream>();
  let newest = 0;

  function announce(stream: number, announced: number | null, keep: boolean): void {
    if (!Number.isInteger(stream) || stream <= newest || stream > 0xffffffff) {
      throw badFrame(`Expected a stream number above ${newest} but received ${stream}.`);
    }
    if (open.size >= MAX_OPEN_STREAMS) {
      throw badFrame(
        `Expected at most ${MAX_OPEN_STREAMS} pixel streams at a time but one more began.`,
      );
    }
    newest = stream;
    open.set(stream, { announced, keep, total: null, bytes: null, received: 0, sequence: 0 });
  }

  function begin(entry: OpenStream, frame: Frame): void {
    const limit = entry.announced ?? MAX_STREAM_BYTES;
    const exact = entry.announced === null || frame.total === entry.announced;
    if (frame.total < 1 || frame.total > Math.min(limit, MAX_STREAM_BYTES) || !exact) {
      throw badFrame(
        `Expected a pixel stream of ${entry.announced ?? `1 to ${MAX_STREAM_BYTES}`} bytes but it says it has ${frame.total}.`,
      );
    }
    entry.total = frame.total;
    if (entry.keep) entry.bytes = new Uint8Array(frame.total);
  }

  return {
    expect: (stream, byteLength) => announce(stream, byteLength, true),
    discard: (stream) => announce(stream, null, false),

    accept(bytes) {
      const frame = decodeFrame(bytes);
      const { stream, payload } = frame;
      const entry = open.get(stream);
      if (entry === undefined) {
        throw badFrame(`Received a frame of pixel stream ${stream}, which no message announced.`);
      }
      if (frame.sequence === ABORT_SEQUENCE) {
        open.delete(stream);
        return { kind: 'aborted', stream };
      }
      if (frame.sequence !== entry.sequence) {
        throw badFrame(
          `Expected frame ${entry.sequence} of pixel stream ${stream} but received frame ${frame.sequence}.`,
        );
      }
      if (entry.total === null) begin(entry, frame);
      if (
        frame.total !== entry.total ||
        frame.offset !== entry.received ||
        payload.length < 1 ||
        payload.length > entry.total - entry.received
      ) {
        throw badFrame(
          `Expected bytes ${entry.received} to ${entry.total} of pixel stream ${stream} but received ${payload.length} at ${frame.offset} of ${frame.total}.`,
        );
      }
      entry.bytes?.set(payload, frame.offset);
      entry.received += payload.length;
      entry.sequence += 1;
      if (entry.received < entry.total) return { kind: 'partial' };
      open.delete(stream);
      return entry.bytes === null
        ? { kind: 'dropped', stream }
        : { kind: 'complete', stream, bytes: entry.bytes };
    },
  };
}
