import type { Engine } from '../../engine/engine.ts';
import type { Log } from '../../log.ts';
import type { Credentials } from '../credentials.ts';
import { openLink } from '../link.ts';
import { expectStreams, prepareStreams } from '../streams.ts';
import { createRemoteEngine } from './remoteEngine.ts';

export interface GatewayOptions {
  readonly url: string;
  /** None on this machine alone, where nobody else can reach the NATS server. */
  readonly credentials: Credentials<'artist'> | null;
  /** The artist's name where there are no credentials. */
  readonly artist: string;
  readonly bundle: string | null;
  readonly version: string;
  readonly log: Log;
}

/**
 * The engine of a gateway, connected.
 * @throws ClusterError
 */
export async function openGateway(options: GatewayOptions): Promise<Engine> {
  const { url, credentials, bundle, version, log } = options;
  const artist = credentials?.artist ?? options.artist;
  const name = `gateway of ${artist}`;
  const link = await openLink({ url, name, log, ...credentials });
  try {
    // Whoever has no credentials may do everything.
    if (credentials === null) await prepareStreams(link, [artist]);
    else await expectStreams(link, artist);
  } catch (error) {
    await link.close();
    throw error;
  }
  return createRemoteEngine({ link, artist, bundle, version, keys: credentials });
}
