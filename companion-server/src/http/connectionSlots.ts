import type { WebSocket } from 'ws';

/** A user has a panel or two and a browser; more is a mistake or worse. */
const MAX_PAIRED = 32;
/** Connections that have not said the right code yet; a hello and its answer take milliseconds. */
const MAX_UNPAIRED = 32;

/** What may wait to be sent to a peer that has said the right code: previews and tiles that flow control lets go. */
const MAY_WAIT = 8 * 2 ** 20;
/** To one that has not: refusals, each of a few hundred bytes. */
const MAY_WAIT_UNPAIRED = 64 * 2 ** 10;

/**
 * Who holds a connection. The unpaired have places of their own, and when these are taken the longest waiting goes, so
 * that whoever opens many keeps no panel out (SE4).
 */
export interface ConnectionSlots {
  readonly count: number;
  /** False when no further connection can be served. */
  readonly hasRoom: boolean;
  /** A new connection, unpaired. */
  add(socket: WebSocket): void;
  paired(socket: WebSocket): void;
  /** Bytes that may wait to be sent to it (SE9). */
  mayWait(socket: WebSocket): number;
}

export function createConnectionSlots(): ConnectionSlots {
  const unpaired = new Set<WebSocket>();
  const paired = new Set<WebSocket>();
  return {
    get count() {
      return unpaired.size + paired.size;
    },
    get hasRoom() {
      return paired.size < MAX_PAIRED;
    },
    add(socket) {
      const [oldest] = unpaired;
      if (unpaired.size >= MAX_UNPAIRED && oldest !== undefined) {
        unpaired.delete(oldest);
        oldest.terminate();
      }
      unpaired.add(socket);
      socket.once('close', () => {
        unpaired.delete(socket);
        paired.delete(socket);
      });
    },
    paired(socket) {
      if (unpaired.delete(socket)) paired.add(socket);
    },
    mayWait: (socket) => (paired.has(socket) ? MAY_WAIT : MAY_WAIT_UNPAIRED),
  };
}
