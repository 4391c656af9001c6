import { beforeEach, describe, expect, it } from 'vitest';
import { type ConnectedClient, connectedClient, proxy } from '../doubles/connectedClient.ts';
import { settled } from '../doubles/manualClock.ts';
import { OTHER_ERROR } from '../doubles/scriptedServer.ts';

let connected: ConnectedClient;
let abort: AbortController;

describe('composites', () => {
  const request = { jobId: 'j1', iteration: 2, intensity: 1.2, extent: { width: 4, height: 2 } };
  const tile = { bounds: { left: 0, top: 0, width: 4, height: 2 }, pixels: proxy };

  beforeEach(async () => {
    connected = await connectedClient();
    abort = new AbortController();
    const { server } = connected;
    server.onMessage = (message, bytes) => {
      const { channel } = server;
      if (message.type === 'openComposite') {
        const { requestId } = message;
        channel.send({ type: 'compositeOpened', requestId, compositeId: 'c1' });
      } else if (message.type === 'tile' && bytes !== null) {
        void channel.sendWithBytes(
          (stream) => ({ ...message, type: 'tileDone', stream }),
          bytes.map((value) => value + 1),
        );
      }
    };
  });

  it('[CM1] [CM3] opens one and gives tiles back in order', async () => {
    const composite = await connected.client.openComposite(request, abort.signal);
    expect(connected.sent('openComposite')).toMatchObject([request]);
    const [first, second] = await Promise.all([composite.apply(tile), composite.apply(tile)]);
    expect(first?.pixels.data[5]).toBe(6);
    expect(second?.bounds).toEqual(tile.bounds);
    composite.close();
    await settled();
    expect(connected.sent('closeComposite')).toEqual([
      { type: 'closeComposite', compositeId: 'c1' },
    ]);
  });

  it('fails every waiting tile with the server’s error, on a drop and when aborted', async () => {
    const failing = await connected.client.openComposite(request, abort.signal);
    const { server } = connected;
    server.onMessage = (message) => {
      if (message.type === 'tile') {
        server.channel.send({ type: 'error', compositeId: 'c1', error: OTHER_ERROR });
      }
    };
    await expect(failing.apply(tile)).rejects.toMatchObject(OTHER_ERROR);
    await expect(failing.apply(tile)).rejects.toMatchObject(OTHER_ERROR);
  });

  it('[RS6] is opened again after a drop, and sends what had no answer once more', async () => {
    const { client, server } = connected;
    const composite = await client.openComposite(request, abort.signal);
    const answer = server.onMessage;
    server.onMessage = () => {};
    const waiting = composite.apply(tile);
    await settled();
    server.onMessage = answer;
    server.channel.close(1006);
    expect((await waiting).pixels.data[5]).toBe(6);
    expect(connected.sent('openComposite')).toHaveLength(2);
    expect((await composite.apply(tile)).bounds).toEqual(tile.bounds);
  });

  it('gives up when the server stays away', async () => {
    const { client, server, clock } = connected;
    const composite = await client.openComposite(request, abort.signal);
    server.onMessage = () => {};
    const waiting = composite.apply(tile);
    waiting.catch(() => {});
    await settled();
    server.ports = [];
    server.channel.close(1006);
    await clock.pass(20_000);
    await expect(waiting).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  it('fails when the server that comes back does not know the edit', async () => {
    const { client, server } = connected;
    const composite = await client.openComposite(request, abort.signal);
    server.onMessage = (message) => {
      if (message.type !== 'openComposite') return;
      const error = { ...OTHER_ERROR, code: 'UNKNOWN_JOB' } as const;
      server.channel.send({ type: 'error', requestId: message.requestId, error });
    };
    const waiting = composite.apply(tile);
    waiting.catch(() => {});
    await settled();
    server.channel.close(1006);
    await expect(waiting).rejects.toMatchObject({ code: 'UNKNOWN_JOB' });
  });

  it('fails when aborted', async () => {
    const composite = await connected.client.openComposite(request, abort.signal);
    connected.server.onMessage = () => {};
    const waiting = composite.apply(tile);
    waiting.catch(() => {});
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('[JB8] lets the server forget a job', async () => {
    connected.client.release('j1');
    await settled();
    expect(connected.sent('release')).toEqual([{ type: 'release', jobId: 'j1' }]);
  });

  it('[JB8] lets it forget a job that was released while it was away, once it is back', async () => {
    const { client, server } = connected;
    const { ports } = server;
    server.ports = [];
    server.channel.close(1006);
    await settled();
    client.release('j1');
    expect(connected.sent('release')).toEqual([]);
    server.ports = ports;
    client.lookNow();
    await settled();
    expect(connected.sent('release')).toEqual([{ type: 'release', jobId: 'j1' }]);
  });
});
