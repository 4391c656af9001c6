// A server of its own process, which kills.test.ts may kill: argv is a JSON of settings.
import { readConfig, type ServerSettings } from '@emoeditor/companion-server/config.ts';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { startServer } from '@emoeditor/companion-server/main.ts';

const settings = JSON.parse(process.argv[2] ?? '{}') as Partial<ServerSettings>;
const server = await startServer(readConfig(settings), { log: SILENT });
const { port, pairingCode } = server;
process.send?.({ port, pairingCode });
process.on('message', (question) => {
  if (question === 'enginePid') process.send?.({ enginePid: server.enginePid });
});
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
