import type { Transport } from '@emoeditor/shared';
import { WebSocket } from 'ws';

/**
 * A socket of `ws` as the transport of a channel.
 * @param mayWait bytes that may wait for this peer; one that reads no more than that loses its connection (SE9)
 */
export function webSocketTransport(
  socket: WebSocket,
  mayWait: () => number = () => Number.POSITIVE_INFINITY,
): Transport {
  const transport: Transport = {
    onMessage: () => {},
    onClose: () => {},
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send(message) {
      // What cannot be sent any more is no error of the sender's; `close` tells.
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > mayWait()) socket.terminate();
      else socket.send(message, () => {});
    },
    close: (code, reason) => socket.close(code, reason),
  };
  socket.on('message', (data, isBinary) => {
    const bytes = data as Buffer;
    // A Buffer's slice() shares memory where a Uint8Array's copies.
    if (!isBinary) transport.onMessage(bytes.toString('utf8'));
    else transport.onMessage(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  });
  socket.on('close', (code, reason) => transport.onClose(code, reason.toString('utf8')));
  // Followed by `close`, which is all that anybody needs to know.
  socket.on('error', () => {});
  return transport;
}
