import { createRemoteEngine } from '@emoeditor/companion-server/cluster/gateway/remoteEngine.ts';
import { openLink } from '@emoeditor/companion-server/cluster/link.ts';
import { newPoolKeys } from '@emoeditor/companion-server/cluster/sealing.ts';
import { prepareStreams } from '@emoeditor/companion-server/cluster/streams.ts';
import type { WorkerEngine } from '@emoeditor/companion-server/cluster/worker/answerCalls.ts';
import { startClusterWorker } from '@emoeditor/companion-server/cluster/worker/clusterWorker.ts';
import type { Engine } from '@emoeditor/companion-server/engine/engine.ts';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { startNats } from './natsServer.ts';

const ARTIST = 'ana';
const VERSION = '0.1.0';

/** A gateway's engine, whose only worker runs an engine of this process, over a NATS server of its own. */
export function createClusterEngine(engine: WorkerEngine, isSealed = true): Engine {
  const pool = newPoolKeys();
  const secret = Buffer.alloc(32, 7).toString('base64url');
  const started = start();
  started.catch(() => {});

  async function start() {
    const nats = await startNats();
    const open = (name: string) => openLink({ url: nats.url, name });
    const [gatewayLink, workerLink] = await Promise.all([open('gateway'), open('worker')]);
    await prepareStreams(workerLink, [ARTIST]);
    const worker = await startClusterWorker({
      ...{ link: workerLink, engine, id: 'w1', version: VERSION, log: SILENT },
      pool: isSealed ? pool.secret : null,
    });
    const remote = createRemoteEngine({
      ...{ link: gatewayLink, artist: ARTIST, bundle: null, version: VERSION },
      keys: isSealed ? { secret, pool: pool.public } : null,
    });
    return { nats, worker, workerLink, remote };
  }
  const remote = async () => (await started).remote;

  return {
    isShared: true,
    ready: async () => (await remote()).ready(),
    edit: async (...takes) => (await remote()).edit(...takes),
    predict: async (...takes) => (await remote()).predict(...takes),
    fit: async (...takes) => (await remote()).fit(...takes),
    composite: async (...takes) => (await remote()).composite(...takes),
    async close() {
      const parts = await started;
      await parts.remote.close();
      await parts.worker.stop();
      await parts.workerLink.close();
      await engine.close();
      await parts.nats.close();
    },
  };
}
