// A server in a process of its own, which tests may kill: argv is a JSON of settings.
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readConfig, type ServerSettings } from '@emoeditor/companion-server/config.ts';
import type { JobLimits } from '@emoeditor/companion-server/jobs/jobs.ts';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { startServer } from '@emoeditor/companion-server/main.ts';

export interface ChildSettings extends Partial<ServerSettings> {
  readonly limits?: Partial<JobLimits>;
}

const { limits, ...settings } = JSON.parse(process.argv[2] ?? '{}') as ChildSettings;
const server = await startServer(readConfig(settings), { log: SILENT, ...(limits && { limits }) });
const { port, pairingCode } = server;
process.send?.({ port, pairingCode });
process.on('unhandledRejection', (reason) => {
  process.send?.({ fault: String(reason) });
  process.exit(70);
});
process.on('message', (question) => {
  if (question === 'enginePid') process.send?.({ enginePid: server.enginePid });
  if (question === 'memory') void usedMemory().then((memory) => process.send?.({ memory }));
});
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));

/** Bytes in use after two collections: what finalisers and ended timers hold goes in the second. */
async function usedMemory(): Promise<{ readonly used: number; readonly resident: number }> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  await setTimeout(50);
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { used: heapUsed + external, resident: rss };
}
