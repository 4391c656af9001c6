import type { ConnectionState } from '../client/companion.ts';

/** The connection in one line for a report. */
export function connectionText(connection: ConnectionState): string {
  switch (connection.kind) {
    case 'ready': {
      const { server, bundle, provider } = connection.server;
      return `${server.version} on port ${connection.port}, ${bundle.id} on ${provider.name}`;
    }
    case 'refused':
      return `refuses with ${connection.error.code}`;
    default:
      return connection.kind;
  }
}
