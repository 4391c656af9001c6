/** The companion server in a process of its own, so that its memory can be told from the client's. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@emoeditor/companion-server/config.ts';
import { startServer } from '@emoeditor/companion-server/main.ts';

// Pairings of benches are none of the user's.
const folder = mkdtempSync(join(tmpdir(), 'emoeditor-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const [, , bundle = null, modelsModule] = process.argv;
const server = await startServer(
  readConfig({
    port: 0,
    logLevel: 'silent',
    bundle,
    pairingsFile: join(folder, 'pairings.json'),
    journalFolder: join(folder, 'journal'),
    ...(modelsModule === undefined ? {} : { modelsModule }),
  }),
);
// The engine has no process yet when the server has just started: it is asked for again.
const facts = () => ({
  port: server.port,
  code: server.pairingCode,
  enginePid: server.enginePid ?? null,
});
process.on('message', () => process.send?.(facts()));
process.once('disconnect', () => void server.close().then(() => process.exit()));
process.send?.(facts());
