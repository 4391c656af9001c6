import { encodeFrame, MAX_OPEN_STREAMS } from '@emoeditor/shared';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Client,
  cleanUp,
  pairedWith,
  patternBytes,
  rgbFormat,
  startCompanion,
} from '../integration/companion.ts';

afterEach(cleanUp);

const SIDE = 256;
const extent = { width: SIDE, height: SIDE };
const pixels = patternBytes(SIDE, SIDE);
/** Several clients and an engine of their own. */
const PATIENCE = { timeout: 180_000 };

/** An edit with its layer, from beginning to end. */
async function editAndLayer(client: Client): Promise<void> {
  const jobId = await client.submit();
  await client.hear('jobSucceeded');
  await sendTile(client, await openComposite(client, jobId));
  await client.hear('tileDone');
}

async function openComposite(client: Client, jobId: string): Promise<string> {
  const requestId = `c${client.of('compositeOpened').length}`;
  client.say({ type: 'openComposite', requestId, jobId, iteration: 0, intensity: 1, extent });
  const count = client.of('compositeOpened').length + 1;
  return (await client.hear('compositeOpened', count)).compositeId;
}

const sendTile = (client: Client, compositeId: string) =>
  client.channel.sendWithBytes(
    (stream) => ({
      type: 'tile',
      compositeId,
      bounds: { left: 0, top: 0, ...extent },
      pixels: rgbFormat(SIDE, SIDE),
      stream,
    }),
    pixels,
  );

/** What a client does that has stopped in the middle; it stays connected. */
const STALLS: readonly (readonly [string, (client: Client) => Promise<unknown>])[] = [
  [
    'begins to send pictures and goes no further',
    async (client) => {
      const message = { type: 'predict', requestId: 'p', proxy: rgbFormat(64, 64) } as const;
      for (let stream = 1; stream <= MAX_OPEN_STREAMS; stream++) {
        client.say({ ...message, stream });
        const payload = new Uint8Array(100);
        const total = 64 * 64 * 3;
        client.socket.send(encodeFrame({ stream, sequence: 0, total, offset: 0, payload }));
      }
    },
  ],
  [
    'reads nothing of what it asked for',
    async (client) => {
      const jobId = await client.submit();
      await client.hear('jobSucceeded');
      const composites = [];
      for (let i = 0; i < 16; i++) composites.push(await openComposite(client, jobId));
      client.socket.pause();
      const tiles = [...composites, ...composites, ...composites, ...composites];
      // Some are never taken: the credit for them comes in answers that are not read.
      void Promise.all(tiles.map((id) => sendTile(client, id))).catch(() => {});
    },
  ],
  [
    'queues twenty edits and reads nothing',
    async (client) => {
      for (let i = 0; i < 20; i++) await client.submit({}, `r${i}`);
      client.socket.pause();
    },
  ],
];

describe('a client that stalls, stalls nobody', () => {
  it.each(STALLS)('one that %s', PATIENCE, async (_what, stall) => {
    const server = await startCompanion();
    const [stalled, other] = [await pairedWith(server), await pairedWith(server)];
    await stall(stalled);
    await editAndLayer(other);
    // Nor whoever comes later.
    await editAndLayer(await pairedWith(server));
    expect(other.closed).toEqual([]);
  });

  it('edits of others go in between those of one who has queued many', PATIENCE, async () => {
    const server = await startCompanion('slow');
    const [first, second] = [await pairedWith(server), await pairedWith(server)];
    for (let i = 0; i < 20; i++) await first.submit({}, `r${i}`);
    await second.submit();
    await second.hear('jobSucceeded');
    expect(first.of('jobSucceeded').length).toBeLessThan(20);
  });
});
