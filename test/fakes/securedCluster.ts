import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Credentials,
  readCredentials,
} from '@emoeditor/companion-server/cluster/credentials.ts';
import { type ClusterLink, openLink } from '@emoeditor/companion-server/cluster/link.ts';
import { writeCluster } from '@emoeditor/companion-server/cluster/setup/writeCluster.ts';
import { prepareStreams } from '@emoeditor/companion-server/cluster/streams.ts';
import { freePort, type NatsServer, startNats } from './natsServer.ts';

/** A NATS server as `emoeditor cluster init` sets it up, with the credentials that it wrote. */
export interface SecuredCluster {
  readonly nats: NatsServer;
  readonly url: string;
  readonly admin: ClusterLink;
  readonly worker: Credentials<'worker'>;
  artist(name: string): Promise<Credentials<'artist'>>;
  close(): Promise<void>;
}

/** @param folder empty; the cluster's files are written there */
export async function startSecuredCluster(
  folder: string,
  artists: readonly string[],
): Promise<SecuredCluster> {
  const port = await freePort();
  const bytes = 64 * 2 ** 20;
  await writeCluster({ folder, hosts: ['127.0.0.1', 'localhost'], artists, port, bytes });
  const config = await readFile(join(folder, 'nats.conf'), 'utf8');
  const nats = await startNats({ port, config: () => config.replace(/^listen: .*$/m, '') });
  const credentials = await readCredentials(join(folder, 'admin.json'), 'admin');
  const url = credentials.server;
  const admin = await openLink({ url, name: 'admin', ...credentials });
  await prepareStreams(admin, artists, bytes);
  return {
    ...{ nats, url, admin },
    worker: await readCredentials(join(folder, 'worker.json'), 'worker'),
    artist: (name) => readCredentials(join(folder, 'artists', `${name}.json`), 'artist'),
    async close() {
      await admin.close();
      await nats.close();
    },
  };
}
