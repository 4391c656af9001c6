/** The companion server in a process of its own, so that its memory can be told from the client's. */
import { readConfig } from '@emoeditor/companion-server/config.ts';
import { startServer } from '@emoeditor/companion-server/main.ts';

const server = await startServer(
  readConfig({ port: 0, logLevel: 'silent', bundle: process.argv[2] ?? null }),
);
process.once('disconnect', () => void server.close().then(() => process.exit()));
process.send?.({ port: server.port, token: server.token, enginePid: server.enginePid });
