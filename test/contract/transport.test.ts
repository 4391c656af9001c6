import { webSocketTransport } from '@emoeditor/companion-server/http/webSocketTransport.ts';
import {
  type WebSocketLike,
  webSocketOpener,
} from '@emoeditor/plugin/client/webSocketTransport.ts';
import { systemClock } from '@emoeditor/plugin/clock.ts';
import { createLinkedPair, type Transport } from '@emoeditor/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

interface Ends {
  readonly near: Transport;
  readonly far: Transport;
}

const cleanUps: Array<() => void> = [];
afterEach(() => {
  for (const end of cleanUps.splice(0)) end();
});

/** The panel's end and the server's end of a real socket on this machine. */
async function socketEnds(): Promise<{ panel: Transport; server: Transport }> {
  const listening = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  cleanUps.push(() => {
    for (const client of listening.clients) client.terminate();
    listening.close();
  });
  await new Promise((resolve) => listening.once('listening', resolve));
  const { port } = listening.address() as { port: number };
  const accepted = new Promise<Transport>((resolve) =>
    listening.once('connection', (socket) => resolve(webSocketTransport(socket))),
  );
  const open = webSocketOpener(
    (url) => new WebSocket(url) as unknown as WebSocketLike,
    systemClock,
  );
  const panel = await open(port);
  return { panel, server: await accepted };
}

/** Every implementation of the port, seen from either end. */
const TRANSPORTS: ReadonlyArray<readonly [string, () => Promise<Ends>]> = [
  [
    'in memory',
    async () => {
      const [near, far] = createLinkedPair();
      return { near, far };
    },
  ],
  [
    'the panel’s WebSocket',
    async () => {
      const { panel, server } = await socketEnds();
      return { near: panel, far: server };
    },
  ],
  [
    'the server’s WebSocket',
    async () => {
      const { panel, server } = await socketEnds();
      return { near: server, far: panel };
    },
  ],
];

/** What arrives at an end, and how it closed. */
function listenAt(end: Transport) {
  const messages: Array<string | Uint8Array> = [];
  const closes: Array<readonly [number, string]> = [];
  end.onMessage = (message) => messages.push(message);
  end.onClose = (code, reason) => closes.push([code, reason]);
  return { messages, closes };
}

describe.each(TRANSPORTS)('a transport: %s', (_name, connect) => {
  it('delivers texts and bytes as what they are, in order, both ways', async () => {
    const { near, far } = await connect();
    const [atNear, atFar] = [listenAt(near), listenAt(far)];
    near.send('Grüße');
    near.send(Uint8Array.of(0, 255, 7));
    near.send('');
    far.send(new Uint8Array(0));
    await vi.waitFor(() => {
      expect(atFar.messages).toHaveLength(3);
      expect(atNear.messages).toHaveLength(1);
    });
    expect(atFar.messages[0]).toBe('Grüße');
    expect(Array.from(atFar.messages[1] as Uint8Array)).toEqual([0, 255, 7]);
    expect(atFar.messages[2]).toBe('');
    expect(atNear.messages[0]).toBeInstanceOf(Uint8Array);
  });

  it('delivers later than send returns', async () => {
    const { near, far } = await connect();
    const { messages } = listenAt(far);
    near.send('later');
    expect(messages).toEqual([]);
    await vi.waitFor(() => expect(messages).toEqual(['later']));
  });

  it('gives bytes whose copies are copies', async () => {
    const { near, far } = await connect();
    const { messages } = listenAt(far);
    near.send(Uint8Array.of(1, 2, 3));
    await vi.waitFor(() => expect(messages).toHaveLength(1));
    const bytes = messages[0] as Uint8Array;
    const copy = bytes.slice();
    copy[0] = 9;
    expect(bytes[0]).toBe(1);
  });

  it('counts nothing as waiting once all has gone', async () => {
    const { near, far } = await connect();
    const { messages } = listenAt(far);
    near.send(new Uint8Array(100_000));
    await vi.waitFor(() => expect(messages).toHaveLength(1));
    await vi.waitFor(() => expect(near.bufferedAmount).toBe(0));
  });

  it('tells both sides of a close, once, and the other one its code and reason', async () => {
    const { near, far } = await connect();
    const [atNear, atFar] = [listenAt(near), listenAt(far)];
    near.close(4001, 'done');
    near.close(4002, 'again');
    await vi.waitFor(() => {
      expect(atNear.closes).toHaveLength(1);
      expect(atFar.closes).toEqual([[4001, 'done']]);
    });
    far.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(atNear.closes).toHaveLength(1);
    expect(atFar.closes).toHaveLength(1);
  });

  it('delivers what was sent before a close, and the close after it', async () => {
    const { near, far } = await connect();
    const order: string[] = [];
    far.onMessage = (message) => order.push(typeof message === 'string' ? message : 'bytes');
    far.onClose = () => order.push('closed');
    near.send('first');
    near.send(new Uint8Array(300_000));
    near.send('last');
    near.close(1000, 'done');
    await vi.waitFor(() => expect(order).toContain('closed'));
    expect(order).toEqual(['first', 'bytes', 'last', 'closed']);
  });

  it('may be closed by whoever receives a message, at once', async () => {
    const { near, far } = await connect();
    const { closes } = listenAt(near);
    far.onMessage = () => far.close(4000, 'enough');
    near.send('one');
    near.send('two');
    await vi.waitFor(() => expect(closes).toEqual([[4000, 'enough']]));
  });

  it('takes bytes of a view as those of the view alone', async () => {
    const { near, far } = await connect();
    const { messages } = listenAt(far);
    near.send(Uint8Array.of(1, 2, 3, 4, 5).subarray(1, 3));
    await vi.waitFor(() => expect(messages).toHaveLength(1));
    expect(Array.from(messages[0] as Uint8Array)).toEqual([2, 3]);
  });

  it('sends nothing after a close, and does not throw', async () => {
    const { near, far } = await connect();
    const [atNear, atFar] = [listenAt(near), listenAt(far)];
    near.close();
    await vi.waitFor(() => expect(atFar.closes).toHaveLength(1));
    near.send('too late');
    far.send('too late');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(atNear.messages).toEqual([]);
    expect(atFar.messages).toEqual([]);
  });
});
