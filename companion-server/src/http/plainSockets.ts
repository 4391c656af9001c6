import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A browser keeps six; whoever has opened a connection sends its request at once. */
const MOST = 128;
/** A request of this server's pages is a few lines, and comes whole. */
const HEADERS_MS = 10_000;

/**
 * Connections that have not become sessions: of browsers that fetch pages, of clients that are about to upgrade, and of
 * whoever opens many and says nothing. When there are too many the oldest goes, so that files and memory suffice (SE4).
 */
export interface PlainSockets {
  /** It is counted among the sessions from now on. */
  upgraded(socket: Duplex): void;
}

export function limitPlainSockets(http: Server): PlainSockets {
  const plain = new Set<Duplex>();
  http.headersTimeout = HEADERS_MS;
  http.on('connection', (socket: Socket) => {
    const [oldest] = plain;
    if (plain.size >= MOST && oldest !== undefined) {
      plain.delete(oldest);
      oldest.destroy();
    }
    plain.add(socket);
    socket.once('close', () => plain.delete(socket));
  });
  return { upgraded: (socket) => void plain.delete(socket) };
}
