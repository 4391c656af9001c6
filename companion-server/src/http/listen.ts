import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SERVER_PORTS } from '@emoeditor/shared';
import { messageOf, StartError } from '../errors.ts';

/** The only address there is: the panel is on this machine, and nobody else is to be let in (SE1). */
const LOOPBACK = '127.0.0.1';

/**
 * Listens on that port, or on the first free one of those the panel looks at.
 * @throws StartError PORT_TAKEN, CANNOT_LISTEN
 */
export async function listen(
  server: Server,
  port: number | null,
  ports: readonly number[] = SERVER_PORTS,
): Promise<number> {
  const candidates = port === null ? ports : [port];
  for (const candidate of candidates) {
    if (await tryPort(server, candidate)) return (server.address() as AddressInfo).port;
  }
  if (port !== null) {
    throw new StartError(
      'PORT_TAKEN',
      `Port ${port} is taken by another program, perhaps by a companion server that runs already.`,
      'Stop that program, or start without a port to take the first free one.',
    );
  }
  throw new StartError(
    'PORT_TAKEN',
    `The ports ${ports[0]} to ${ports.at(-1)}, which the panel looks at, are all taken by other programs.`,
    'Stop one of them; companion servers that were started earlier may still run.',
  );
}

/** False when somebody has the port. */
function tryPort(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      server.removeListener('listening', onListening);
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(cannotListen(port, error));
    };
    const onListening = () => {
      server.removeListener('error', onError);
      resolve(true);
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen({ port, host: LOOPBACK });
  });
}

function cannotListen(port: number, error: unknown): StartError {
  return new StartError(
    'CANNOT_LISTEN',
    `Port ${port} on ${LOOPBACK} cannot be opened: ${messageOf(error)}.`,
    'Choose a port above 1023, or none to take the first free one.',
    error,
  );
}
