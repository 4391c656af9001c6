import type { Log } from '../../log.ts';
import type { Credentials } from '../credentials.ts';
import { openLink } from '../link.ts';
import { expectStreams, prepareStreams } from '../streams.ts';
import type { WorkerEngine } from './answerCalls.ts';
import { type ClusterWorker, startClusterWorker } from './clusterWorker.ts';

export interface WorkerOptions {
  readonly url: string;
  /** None on this machine alone, where nobody else can reach the NATS server. */
  readonly credentials: Credentials<'worker'> | null;
  /** Made when the connection stands, so that nothing is loaded in vain. */
  readonly engine: () => WorkerEngine;
  /** Of this worker, no other's. */
  readonly id: string;
  readonly version: string;
  readonly log: Log;
}

/**
 * A worker, connected and loaded. It ends its engine and its connection when it is stopped.
 * @throws ClusterError; ProtocolError when the models cannot be loaded
 */
export async function openWorker(options: WorkerOptions): Promise<ClusterWorker> {
  const { url, credentials, id, version, log } = options;
  const { pool = null, ...user } = credentials ?? {};
  const link = await openLink({ url, name: `worker ${id}`, log, ...user });
  let engine: WorkerEngine | null = null;
  try {
    // Whoever has no credentials may do everything.
    if (credentials === null) await prepareStreams(link, []);
    else await expectStreams(link);
    engine = options.engine();
    const worker = await startClusterWorker({ link, engine, id, pool, version, log });
    const ends = [() => worker.stop(), engine.close.bind(engine), () => link.close()];
    return {
      get advert() {
        return worker.advert;
      },
      async stop() {
        for (const end of ends) await end();
      },
    };
  } catch (error) {
    await engine?.close();
    await link.close();
    throw error;
  }
}
