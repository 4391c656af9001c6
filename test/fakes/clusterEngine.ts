import type { WorkerEngine } from '@emoeditor/companion-server/cluster/worker/answerCalls.ts';
import type { Engine } from '@emoeditor/companion-server/engine/engine.ts';
import { startCluster } from './cluster.ts';

/** A gateway's engine, whose only worker runs an engine of this process, over a NATS server of its own. */
export function createClusterEngine(engine: WorkerEngine): Engine {
  const started = start();
  started.catch(() => {});

  async function start() {
    const cluster = await startCluster();
    await cluster.worker(engine);
    return { cluster, remote: await cluster.gateway() };
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
      await (await started).cluster.close();
      await engine.close();
    },
  };
}
