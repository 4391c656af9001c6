import type { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';

/**
 * From now on, what any listener of this WebSocket throws, whoever attached it and whenever, ends this connection and
 * is told in the log: no peer may end the process with what it sends (SE7).
 */
export function guardSocket(socket: WebSocket, log: Log): void {
  guardEvents(socket, (event, error) => {
    report(log, event, error);
    socket.terminate();
  });
}

/** The same for an HTTP server: a throw costs the connection that the event is about. */
export function guardServer(server: Server, log: Log): void {
  guardEvents(server, (event, error, about) => {
    const sockets = about.flatMap((value) => socketOf(value) ?? []);
    // An event about no connection, such as a failure to listen, is the business of whoever started the server.
    if (sockets.length === 0) throw error;
    report(log, event, error);
    for (const socket of sockets) socket.destroy();
  });
}

function guardEvents(
  emitter: EventEmitter,
  failed: (event: string, error: unknown, about: readonly unknown[]) => void,
): void {
  const emit = emitter.emit.bind(emitter);
  emitter.emit = (event: string | symbol, ...about: unknown[]) => {
    try {
      return emit(event, ...about);
    } catch (error) {
      failed(String(event), error, about);
      return true;
    }
  };
}

/** The connection that an event of a server is about: itself, or that of a request or a response. */
function socketOf(value: unknown): Socket | null {
  if (value instanceof Socket) return value;
  const { socket } = Object(value) as { readonly socket?: unknown };
  return socket instanceof Socket ? socket : null;
}

function report(log: Log, event: string, error: unknown): void {
  log.error({ event, reason: messageOf(error) }, 'a listener failed, its connection is closed');
}
