import { setTimeout as pause } from 'node:timers/promises';
import { createRemoteEngine } from '@emoeditor/companion-server/cluster/gateway/remoteEngine.ts';
import { type ClusterLink, openLink } from '@emoeditor/companion-server/cluster/link.ts';
import { newPoolKeys } from '@emoeditor/companion-server/cluster/sealing.ts';
import { prepareStreams } from '@emoeditor/companion-server/cluster/streams.ts';
import type { WorkerEngine } from '@emoeditor/companion-server/cluster/worker/answerCalls.ts';
import { startClusterWorker } from '@emoeditor/companion-server/cluster/worker/clusterWorker.ts';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { type NatsServer, startNats } from './natsServer.ts';

export const ARTISTS = ['ana', 'ben', 'cyd'];
const VERSION = '0.1.0';

/** Gateways and workers of this process around a NATS server of their own. */
export interface Cluster {
  readonly nats: NatsServer;
  /** May do everything. */
  readonly admin: ClusterLink;
  /** A gateway's engine. */
  gateway(artist?: string): Promise<ReturnType<typeof createRemoteEngine>>;
  /** `lose` ends its connection, as a cut cable does; `stop` lets it say goodbye. */
  worker(
    engine: WorkerEngine,
    id?: string,
  ): Promise<{ lose(): Promise<void>; stop(): Promise<void> }>;
  close(): Promise<void>;
}

export interface ClusterOptions {
  /** True unless said otherwise. */
  readonly isSealed?: boolean;
  /** Of pictures, for each artist. */
  readonly bytes?: number;
}

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { isSealed = true, bytes } = options;
  const nats = await startNats();
  const pool = newPoolKeys();
  const ends: (() => Promise<unknown>)[] = [() => nats.close()];
  const open = async (name: string) => {
    const link = await openLink({ url: nats.url, name });
    ends.push(() => link.close());
    return link;
  };
  const admin = await open('admin');
  await prepareStreams(admin, ARTISTS, bytes);
  return {
    nats,
    admin,
    async gateway(artist = 'ana') {
      const secret = Buffer.alloc(32, artist).toString('base64url');
      const engine = createRemoteEngine({
        ...{ link: await open(artist), artist, bundle: null, version: VERSION },
        keys: isSealed ? { secret, pool: pool.public } : null,
      });
      ends.push(() => engine.close());
      return engine;
    },
    async worker(engine, id = 'w1') {
      const link = await open(id);
      const worker = await startClusterWorker({
        ...{ link, engine, id, version: VERSION, log: SILENT },
        pool: isSealed ? pool.secret : null,
      });
      ends.push(() => Promise.race([worker.stop(), pause(1000)]));
      return { stop: () => worker.stop(), lose: () => link.close() };
    },
    async close() {
      for (const end of ends.splice(0).reverse()) await end();
    },
  };
}
