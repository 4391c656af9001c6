import { badFrame } from './protocolError.ts';
import { MAX_FRAME_BYTES } from './version.ts';
import { xxHash32 } from './xxHash32.ts';

/** `EMOF` in ASCII, big-endian; every other field is an unsigned 32-bit little-endian integer. */
const MAGIC = 0x454d4f46;
/** magic, stream, sequence, total, offset, payload length, XXH32 of the payload. */
export const FRAME_HEADER_BYTES = 28;
/** Sequence number of the frame by which a sender gives a stream up. */
export const ABORT_SEQUENCE = 0xffffffff;

/** One piece of a stream of bytes. */
export interface Frame {
  readonly stream: number;
  /** 0, 1, 2 … within the stream, or `ABORT_SEQUENCE`. */
  readonly sequence: number;
  /** Bytes of the whole stream. */
  readonly total: number;
  /** Where the payload lies in the stream. */
  readonly offset: number;
  readonly payload: Uint8Array;
}

/** @throws RangeError when the payload does not fit into one frame. */
export function encodeFrame(frame: Frame): Uint8Array {
  const { payload } = frame;
  if (payload.length > MAX_FRAME_BYTES - FRAME_HEADER_BYTES) {
    throw new RangeError(
      `Expected at most ${MAX_FRAME_BYTES - FRAME_HEADER_BYTES} payload bytes but received ${payload.length}.`,
    );
  }
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC);
  view.setUint32(4, frame.stream, true);
  view.setUint32(8, frame.sequence, true);
  view.setUint32(12, frame.total, true);
  view.setUint32(16, frame.offset, true);
  view.setUint32(20, payload.length, true);
  view.setUint32(24, xxHash32(payload), true);
  bytes.set(payload, FRAME_HEADER_BYTES);
  return bytes;
}

/**
 * Checks everything within one frame; the reader checks order and completeness.
 * The payload is a view of `bytes`, not a copy.
 * @throws ProtocolError BAD_FRAME
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length < FRAME_HEADER_BYTES || bytes.length > MAX_FRAME_BYTES) {
    throw badFrame(
      `Expected a pixel frame of ${FRAME_HEADER_BYTES} to ${MAX_FRAME_BYTES} bytes but received ${bytes.length}.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== MAGIC) {
    throw badFrame('Expected a pixel frame but the bytes received do not start with its mark.');
  }
  const payloadLength = view.getUint32(20, true);
  if (payloadLength !== bytes.length - FRAME_HEADER_BYTES) {
    throw badFrame(
      `Expected ${payloadLength} bytes in a pixel frame but received ${bytes.length - FRAME_HEADER_BYTES}.`,
    );
  }
  const payload = bytes.subarray(FRAME_HEADER_BYTES);
  if (xxHash32(payload) !== view.getUint32(24, true)) {
    throw badFrame(
      'The checksum of a pixel frame does not match: its bytes were damaged on the way.',
    );
  }
  return {
    stream: view.getUint32(4, true),
    sequence: view.getUint32(8, true),
    total: view.getUint32(12, true),
    offset: view.getUint32(16, true),
    payload,
  };
}

export function abortFrame(stream: number): Uint8Array {
  return encodeFrame({
    stream,
    sequence: ABORT_SEQUENCE,
    total: 0,
    offset: 0,
    payload: new Uint8Array(0),
  });
}
