import {
  type ClientMessage,
  createClientChannel,
  createLinkedPair,
  createServerChannel,
  FRAME_HEADER_BYTES,
  SRGB_PROFILE,
} from '@emoeditor/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** One grey pixel a frame. */
const FRAME_PAYLOAD = 3;
const PIXEL = { channels: 3, sample: 'uint8', range: 255, profile: SRGB_PROFILE } as const;
const WELCOME = {
  type: 'welcome',
  protocol: 1,
  server: { name: 'test', version: '1' },
  bundle: {
    ...{ id: 'test', name: 'Test', kind: 'none', workingArea: 1, sizeMultiple: 1 },
    ...{ licence: '', limits: '' },
  },
  provider: { name: 'none', reason: '' },
} as const;

/** A client that may send a server `window` frames, and more only when the server says so. */
function connected(window: number, { holdsCredit = false } = {}) {
  const [near, far] = createLinkedPair();
  const sleep = async () => {};
  const maxFrameBytes = FRAME_HEADER_BYTES + FRAME_PAYLOAD;
  const client = createClientChannel({ transport: near, sleep, maxFrameBytes });
  /** Frames of each `credit` that the server sent. */
  const credits: number[] = [];
  const { send } = far;
  far.send = (data) => {
    const isCredit = typeof data === 'string' && data.includes('"credit","frames"');
    if (isCredit) credits.push(JSON.parse(data).frames);
    if (!isCredit || !holdsCredit) send(data);
  };
  const server = createServerChannel({ transport: far, sleep });
  const heard: { message: ClientMessage; bytes: Uint8Array | null }[] = [];
  server.onMessage = (message, bytes) => void heard.push({ message, bytes });
  server.send({ ...WELCOME, credit: window });
  return {
    heard,
    credits,
    heardTypes: () => heard.map(({ message }) => message.type),
    grant: (frames: number) => send(JSON.stringify({ type: 'credit', frames })),
    ping: (nonce: number) => client.send({ type: 'ping', nonce }),
    /** A picture that takes so many frames. */
    predict(frames: number) {
      const sent = client.sendWithBytes(
        (stream) => ({
          type: 'predict',
          requestId: `of ${frames}`,
          proxy: { ...PIXEL, width: frames, height: 1 },
          stream,
        }),
        new Uint8Array(frames * FRAME_PAYLOAD).fill(frames),
      );
      // Those that wait for credit at the end of a test end with its channel.
      sent.catch(() => {});
      return sent;
    },
  };
}

/** Lets everything happen that needs no timer. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('a message with pixels', () => {
  it('[FR10] takes effect when its last byte is there; messages without pixels overtake it', async () => {
    const { predict, ping, grant, heard, heardTypes } = connected(2, { holdsCredit: true });
    void predict(3);
    ping(1);
    await settled();
    expect(heardTypes()).toEqual(['ping']);
    grant(1);
    await settled();
    expect(heardTypes()).toEqual(['ping', 'predict']);
    expect(heard[1]?.bytes).toEqual(new Uint8Array(9).fill(3));
  });
});

describe('credit', () => {
  it('[FC2] comes back after four frames, and when a stream is over', async () => {
    const { predict, credits } = connected(100);
    await predict(10);
    await predict(1);
    await predict(5);
    await settled();
    expect(credits).toEqual([4, 4, 2, 1, 4, 1]);
  });

  it('[FC2] lets streams of any length through any window', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 }),
        async (window, streams) => {
          const { predict, heard } = connected(window);
          for (const frames of streams) void predict(frames);
          await settled();
          expect(heard.map(({ bytes }) => bytes?.length)).toEqual(
            streams.map((frames) => frames * FRAME_PAYLOAD),
          );
        },
      ),
    );
  });

  it('[FC3] is not spent by messages, nor needed for them', async () => {
    const { predict, ping, grant, heardTypes } = connected(0);
    for (let nonce = 0; nonce < 50; nonce++) ping(nonce);
    await settled();
    expect(heardTypes()).toEqual(Array(50).fill('ping'));
    grant(1);
    await settled();
    for (let nonce = 0; nonce < 50; nonce++) ping(nonce);
    void predict(1);
    await settled();
    expect(heardTypes().at(-1)).toBe('predict');
  });
});
