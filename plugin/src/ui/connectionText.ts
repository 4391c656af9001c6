import type { ConnectionState } from '../client/companion.ts';

/** The connection in one line for a report. */
export function connectionText(connection: ConnectionState): string {
  switch (connection.kind) {
    case 'ready': {
      const { server, bundle, provider, origin = 'none' } = connection.server;
      return `${server.version} on port ${connection.port}, ${bundle.id} on ${provider.name}; Origin of the panel’s WebSocket: ${origin}`;
    }
    case 'refused':
      return `refuses with ${connection.error.code}`;
    default:
      return connection.kind;
  }
}
