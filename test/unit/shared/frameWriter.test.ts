import {
  createFrameReader,
  createFrameWriter,
  decodeFrame,
  FRAME_HEADER_BYTES,
  type Transport,
} from '@emoeditor/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

function recordingTransport(): Transport & { sent: Uint8Array[]; waiting: number } {
  const transport = {
    sent: [] as Uint8Array[],
    waiting: 0,
    get bufferedAmount() {
      return transport.waiting;
    },
    send(message: string | Uint8Array) {
      if (typeof message !== 'string') transport.sent.push(message);
    },
    close: () => {},
    onMessage: () => {},
    onClose: () => {},
  };
  return transport;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const sleep = () => turn();
const bytesOf = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 7) & 255);

describe('frame writer', () => {
  it('[FR3] makes frames that the reader puts together, for any length and frame size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 500 }),
        fc.integer({ min: 1, max: 90 }),
        async (bytes, payload) => {
          const transport = recordingTransport();
          const writer = createFrameWriter({
            transport,
            sleep,
            maxFrameBytes: payload + FRAME_HEADER_BYTES,
          });
          writer.grant(1000);
          await writer.write(1, bytes);
          const reader = createFrameReader();
          reader.expect(1, bytes.length);
          const outcomes = transport.sent.map((frame) => reader.accept(frame));
          expect(outcomes.at(-1)).toEqual({ kind: 'complete', stream: 1, bytes });
          expect(transport.sent.length).toBe(Math.ceil(bytes.length / payload));
        },
      ),
    );
  });

  it('[FC1] sends as many frames as it has credit for and goes on when it gets more', async () => {
    const transport = recordingTransport();
    const writer = createFrameWriter({ transport, sleep, maxFrameBytes: FRAME_HEADER_BYTES + 1 });
    const written = writer.write(1, bytesOf(5));
    await turn();
    expect(transport.sent.length).toBe(0);
    writer.grant(2);
    await turn();
    expect(transport.sent.length).toBe(2);
    writer.grant(9);
    await written;
    expect(transport.sent.length).toBe(5);
  });

  it('[FC4] pauses while the socket is full', async () => {
    const transport = recordingTransport();
    const writer = createFrameWriter({ transport, sleep, highWaterBytes: 10 });
    writer.grant(9);
    transport.waiting = 11;
    const written = writer.write(1, bytesOf(5));
    await turn();
    await turn();
    expect(transport.sent.length).toBe(0);
    transport.waiting = 10;
    await written;
    expect(transport.sent.length).toBe(1);
  });

  it('[FR8] gives a stream up when aborted while it waits for credit', async () => {
    const transport = recordingTransport();
    const writer = createFrameWriter({ transport, sleep, maxFrameBytes: FRAME_HEADER_BYTES + 1 });
    writer.grant(1);
    const abort = new AbortController();
    const written = writer.write(7, bytesOf(3), abort.signal);
    await turn();
    abort.abort(new Error('stop'));
    await expect(written).rejects.toThrow('stop');
    const last = decodeFrame(transport.sent.at(-1) as Uint8Array);
    expect(last).toMatchObject({ stream: 7, sequence: 0xffffffff });
    expect(transport.sent.length).toBe(2);
  });

  it('ends all waiting writes when the connection goes away', async () => {
    const transport = recordingTransport();
    const writer = createFrameWriter({ transport, sleep });
    const written = Promise.allSettled([writer.write(1, bytesOf(3)), writer.write(2, bytesOf(3))]);
    await turn();
    writer.close(new Error('gone'));
    expect((await written).map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(transport.sent.length).toBe(0);
  });
});
