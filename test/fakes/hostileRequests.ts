import { connect } from 'node:net';
import fc from 'fast-check';

/** Sends bytes on a new connection, piece by piece, and hangs up when the server does or after a moment. */
export function sendRaw(port: number, pieces: readonly Uint8Array[]): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      for (const piece of pieces) socket.write(piece);
      setTimeout(() => socket.destroy(), 5);
    });
    socket.on('error', () => {});
    socket.resume();
    socket.once('close', () => resolve());
  });
}

const latin = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const path = fc.oneof(
  fc.constantFrom('/', '//', '/v1', '/v1?x', 'http://[', '//[::', '*', '/%', '/metrics', '/health'),
  fc.string({ maxLength: 40 }),
);
const header = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Version: 99',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Extensions: permessage-deflate; x',
      'Origin: null',
      'Content-Length: 5',
      'Transfer-Encoding: chunked',
      'Expect: 100-continue',
    ),
  },
  // Nearly always one that ends the request with 400.
  { weight: 1, arbitrary: fc.string({ maxLength: 60 }) },
);
const UPGRADE = [
  ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];
/** @param port which may be known only when the tests run */
export function hostileRequests(port: () => number) {
  // Requests and upgrades, near what is valid and far from it.
  const request = fc
    .record({
      method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'HEAD', 'OPTIONS', 'CONNECT', 'X'),
      path,
      headers: fc
        .tuple(fc.constantFrom(UPGRADE, []), fc.array(header, { maxLength: 3 }))
        .map((parts) => parts.flat()),
      tail: fc.uint8Array({ maxLength: 200 }),
    })
    .map(({ method, path: where, headers, tail }) => {
      const lines = [`${method} ${where} HTTP/1.1`, `Host: 127.0.0.1:${port()}`, ...headers];
      return [latin([...lines, '', ''].join('\r\n')), tail];
    });
  /** What one connection sends, piece by piece: bytes instead of HTTP, and HTTP that is nearly right. */
  const bytes = fc.oneof(request, fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }));
  return { bytes };
}
