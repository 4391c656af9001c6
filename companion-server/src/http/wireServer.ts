import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CLOSE_CODES,
  createServerChannel,
  MAX_FRAME_BYTES,
  PROTOCOL_PATH,
} from '@emoeditor/shared';
import { type WebSocket, WebSocketServer } from 'ws';
import { openSession, type SessionParts } from '../session/session.ts';
import { createConnectionSlots } from './connectionSlots.ts';
import { guardServer, guardSocket } from './guardEvents.ts';
import { requestFault } from './originRules.ts';
import { limitPlainSockets } from './plainSockets.ts';
import { webSocketTransport } from './webSocketTransport.ts';

export interface WireServer {
  readonly connections: number;
  /** Tells all clients to go and waits until they have. */
  close(): Promise<void>;
}

export interface WireServerOptions {
  readonly http: Server;
  readonly port: () => number;
  readonly session: SessionParts;
  /** Milliseconds between two pings; a peer that missed the one before is dropped (HS8). */
  readonly pingMs?: number;
}

/** What a frame may be longer than it should before the socket closes with 1009 (SE6). */
const MARGIN_BYTES = 64 * 1024;
/** How long a peer may take to say goodbye. */
const CLOSE_MS = 1000;

/** The protocol's end of the HTTP server: upgrades at `/v1` become sessions. */
export function createWireServer(options: WireServerOptions): WireServer {
  const { http, session, pingMs = 15_000 } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES + MARGIN_BYTES,
    perMessageDeflate: false,
  });
  const slots = createConnectionSlots();
  const plain = limitPlainSockets(http);
  guardServer(http, session.log);
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A peer that resets the connection now must not end the process.
    socket.on('error', () => socket.destroy());
    const status = refusal(request, options.port(), slots.hasRoom);
    const origin = request.headers.origin?.slice(0, 100);
    if (status !== null) {
      session.log.warn({ status, origin }, 'upgrade refused');
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    session.log.info({ origin: origin ?? 'none' }, 'connection opened');
    plain.upgraded(socket);
    sockets.handleUpgrade(request, socket, head, (client) => {
      guardSocket(client, session.log);
      slots.add(client);
      keepAlive(client, pingMs);
      const transport = webSocketTransport(client, () => slots.mayWait(client));
      openSession(createServerChannel({ transport, sleep }), {
        ...session,
        origin,
        onPaired: () => slots.paired(client),
      });
    });
  });
  return {
    get connections() {
      return slots.count;
    },
    async close() {
      const clients = [...sockets.clients];
      const gone = clients.map((client) => new Promise((resolve) => client.once('close', resolve)));
      for (const client of clients) client.close(CLOSE_CODES.goingAway, 'The server stops.');
      const timer = setTimeout(() => {
        for (const client of clients) client.terminate();
      }, CLOSE_MS);
      await Promise.all(gone);
      clearTimeout(timer);
    },
  };
}

function refusal(request: IncomingMessage, port: number, hasRoom: boolean): string | null {
  if (requestFault(request.headers, port) !== null) return '403 Forbidden';
  // Taken apart by hand: what stands here need not be a URL, and `new URL` throws.
  const [path] = (request.url ?? '').split('?');
  if (path !== PROTOCOL_PATH) return '404 Not Found';
  return hasRoom ? null : '503 Service Unavailable';
}

function keepAlive(client: WebSocket, pingMs: number): void {
  let isAlive = true;
  client.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) return client.terminate();
    isAlive = false;
    client.ping();
  }, pingMs);
  timer.unref();
  client.once('close', () => clearInterval(timer));
}
