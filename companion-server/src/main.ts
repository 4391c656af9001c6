import type { ServerConfig } from './config.ts';

/** A server that listens. */
export interface RunningServer {
  /** Address of the studio, e.g. `http://127.0.0.1:8765/`. */
  readonly url: string;
  readonly port: number;
  /** The token as it is shown to the user: `7K3MQ-X9TRB`. */
  readonly pairingCode: string;
  readonly token: string;
  /** Ends connections, jobs and the engine. */
  close(): Promise<void>;
}

/**
 * Starts the companion server on 127.0.0.1; resolves when it listens, while the engine still loads its models.
 * @throws StartError PORT_TAKEN, CANNOT_LISTEN, TOKEN_FILE
 */
export async function startServer(_config: ServerConfig): Promise<RunningServer> {
  throw new Error('Not there yet.');
}
