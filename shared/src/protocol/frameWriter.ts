import type { AbortSignalLike } from './abortSignalLike.ts';
import { abortFrame, encodeFrame, FRAME_HEADER_BYTES } from './frame.ts';
import type { Transport } from './transport.ts';
import { HIGH_WATER_BYTES, MAX_FRAME_BYTES, PREFERRED_FRAME_BYTES } from './version.ts';

/** Cuts streams into frames and sends them no faster than the other side and the socket take them. */
export interface FrameWriter {
  /**
   * Resolves when the last frame was handed to the transport.
   * @throws the signal's reason when aborted; a begun stream is then given up with an abort frame
   */
  write(stream: number, bytes: Uint8Array, signal?: AbortSignalLike): Promise<void>;
  /** The other side takes this many more frames. */
  grant(frames: number): void;
  /** Ends all waiting writes with `error`. */
  close(error: Error): void;
}

export interface FrameWriterOptions {
  readonly transport: Transport;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly maxFrameBytes?: number;
  readonly highWaterBytes?: number;
}

/** There is no drain event in UXP, so a full socket is looked at again after this long. */
const POLL_MS = 4;

export function createFrameWriter(options: FrameWriterOptions): FrameWriter {
  const { transport, sleep } = options;
  const highWater = options.highWaterBytes ?? HIGH_WATER_BYTES;
  const frameBytes = Math.min(options.maxFrameBytes ?? PREFERRED_FRAME_BYTES, MAX_FRAME_BYTES);
  const payloadBytes = frameBytes - FRAME_HEADER_BYTES;
  let credit = 0;
  let closed: Error | null = null;
  let waiters: Array<() => void> = [];

  function wake(): void {
    const woken = waiters;
    waiters = [];
    for (const resume of woken) resume();
  }

  function check(signal?: AbortSignalLike): void {
    if (closed !== null) throw closed;
    if (signal?.aborted) throw signal.reason;
  }

  async function takeCredit(signal?: AbortSignalLike): Promise<void> {
    check(signal);
    while (credit === 0) {
      let resume = (): void => {};
      await new Promise<void>((resolve) => {
        resume = resolve;
        waiters.push(resolve);
        signal?.addEventListener('abort', resume);
      });
      signal?.removeEventListener('abort', resume);
      check(signal);
    }
    credit -= 1;
  }

  async function drained(signal?: AbortSignalLike): Promise<void> {
    while (transport.bufferedAmount > highWater) {
      await sleep(POLL_MS);
      check(signal);
    }
  }

  return {
    async write(stream, bytes, signal) {
      if (bytes.length === 0) throw new RangeError('Expected at least one byte to send.');
      try {
        let sequence = 0;
        for (let offset = 0; offset < bytes.length; offset += payloadBytes) {
          await takeCredit(signal);
          await drained(signal);
          const payload = bytes.subarray(offset, offset + payloadBytes);
          transport.send(encodeFrame({ stream, sequence, total: bytes.length, offset, payload }));
          sequence += 1;
        }
      } catch (error) {
        // The message was sent already, so the other side waits for this stream.
        if (closed === null) transport.send(abortFrame(stream));
        throw error;
      }
    },
    grant(frames) {
      credit += frames;
      wake();
    },
    close(error) {
      closed ??= error;
      wake();
    },
  };
}
