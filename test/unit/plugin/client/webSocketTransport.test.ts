import {
  type WebSocketLike,
  webSocketOpener,
} from '@emoeditor/plugin/client/webSocketTransport.ts';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../doubles/manualClock.ts';

interface Socket extends WebSocketLike {
  readonly url: string;
  readonly sent: unknown[];
  readonly closes: unknown[][];
}

function opener() {
  const clock = manualClock();
  const sockets: Socket[] = [];
  const open = webSocketOpener((url) => {
    const socket: Socket = {
      url,
      sent: [],
      closes: [],
      binaryType: 'blob',
      bufferedAmount: 12,
      send: (data) => void socket.sent.push(data),
      close(...args) {
        // As browsers do for codes that are not a page's to send.
        const [code = 1000] = args;
        if (code !== 1000 && code < 3000) throw new Error('InvalidAccessError');
        socket.closes.push(args);
      },
      onopen: null,
      onmessage: null,
      onerror: null,
      onclose: null,
    };
    sockets.push(socket);
    return socket;
  }, clock);
  return { open, sockets, clock };
}

const event = undefined as never;

describe('a WebSocket as a transport', () => {
  it('goes to 127.0.0.1 in binary and hands over text and bytes', async () => {
    const { open, sockets } = opener();
    const opening = open(8766);
    const socket = sockets[0] as Socket;
    expect([socket.url, socket.binaryType]).toEqual(['ws://127.0.0.1:8766/v1', 'arraybuffer']);
    socket.onopen?.(event);
    const transport = await opening;
    const heard: unknown[] = [];
    transport.onMessage = (message) => void heard.push(message);
    socket.onmessage?.({ data: 'hello' });
    socket.onmessage?.({ data: Uint8Array.of(1, 2).buffer });
    expect(heard).toEqual(['hello', Uint8Array.of(1, 2)]);
    expect(transport.bufferedAmount).toBe(12);
  });

  it('rejects when refused, and when nobody answers in time', async () => {
    const { open, sockets, clock } = opener();
    const refused = open(8765);
    sockets[0]?.onerror?.(event);
    await expect(refused).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    const silent = open(8765);
    silent.catch(() => {});
    await clock.pass(2_000);
    await expect(silent).rejects.toMatchObject({ code: 'NOT_CONNECTED' });
    expect(sockets[1]?.closes).toHaveLength(1);
  });

  it('ends once, however often the socket says so, and sends nothing afterwards', async () => {
    const { open, sockets } = opener();
    const opening = open(8765);
    const socket = sockets[0] as Socket;
    socket.onopen?.(event);
    const transport = await opening;
    const ends: unknown[] = [];
    transport.onClose = (code) => void ends.push(code);
    socket.onerror?.(event);
    socket.onclose?.({ code: 1006, reason: '' });
    transport.send('late');
    expect([ends, socket.sent]).toEqual([[1006], []]);
  });

  it('closes with a code that a client may use', async () => {
    const { open, sockets } = opener();
    const opening = open(8765);
    const socket = sockets[0] as Socket;
    socket.onopen?.(event);
    const transport = await opening;
    transport.close(1001, 'silent');
    expect(socket.closes).toEqual([[1000, 'silent']]);
  });
});
