import { PROTOCOL_PATH, type Transport } from '@emoeditor/shared';
import type { Clock } from '../clock.ts';
import { PluginError } from '../errors.ts';
import type { OpenTransport } from './openTransport.ts';

/** A port that something holds without answering must not hold the search up. */
const OPEN_TIMEOUT_MS = 2_000;

/** The part of WebSocket that is used here; UXP's and the browser's both have it. */
export interface WebSocketLike {
  binaryType: string;
  readonly bufferedAmount: number;
  send(data: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
}

/** WebSockets to 127.0.0.1: the name `localhost` may mean `::1`, where the server does not listen. */
export function webSocketOpener(
  createSocket: (url: string) => WebSocketLike,
  clock: Clock,
): OpenTransport {
  return (port) =>
    new Promise((resolve, reject) => {
      const socket = createSocket(`ws://127.0.0.1:${port}${PROTOCOL_PATH}`);
      socket.binaryType = 'arraybuffer';
      const fail = () => {
        stopWaiting();
        reject(nothingThere(port));
      };
      const stopWaiting = clock.after(OPEN_TIMEOUT_MS, () => {
        fail();
        closeQuietly(socket);
      });
      socket.onerror = fail;
      socket.onclose = fail;
      socket.onopen = () => {
        stopWaiting();
        resolve(transportOver(socket));
      };
    });
}

function transportOver(socket: WebSocketLike): Transport {
  let isOpen = true;
  const transport: Transport = {
    onMessage: () => {},
    onClose: () => {},
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send(message) {
      if (isOpen) socket.send(message);
    },
    close(code, reason) {
      closeQuietly(socket, code, reason);
      end(code ?? 1000, reason ?? '');
    },
  };
  const end = (code: number, reason: string) => {
    if (!isOpen) return;
    isOpen = false;
    transport.onClose(code, reason);
  };
  socket.onmessage = ({ data }) => {
    if (!isOpen) return;
    // Not asked for its class: the buffer may be of another realm, whose ArrayBuffer is another one.
    transport.onMessage(typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer));
  };
  // An error is followed by a close in browsers; UXP's documents promise neither order nor both.
  socket.onerror = () => end(1006, 'socket error');
  socket.onclose = ({ code, reason }) => end(code, reason);
  return transport;
}

/** A client may close with 1000 or from 3000 on; any other code throws, and so does a socket already gone. */
function closeQuietly(socket: WebSocketLike, code = 1000, reason = ''): void {
  try {
    socket.close(code >= 3000 ? code : 1000, reason);
  } catch {
    // Gone already.
  }
}

function nothingThere(port: number): PluginError {
  return new PluginError('NOT_CONNECTED', {
    message: `No companion server answers on port ${port}.`,
    hint: 'Start it with “npm start” in the folder of EmoEditor.',
  });
}
