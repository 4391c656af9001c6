/** What bench:transfer compares, in a process of its own. argv: `echo`, a bare echo of `ws`, or `wire`, our protocol. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWireServer } from '@emoeditor/companion-server/http/wireServer.ts';
import { createInProcessQueue } from '@emoeditor/companion-server/jobs/inProcessQueue.ts';
import { createJobs } from '@emoeditor/companion-server/jobs/jobs.ts';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { createPairingCodes } from '@emoeditor/companion-server/session/pairingCodes.ts';
import { createPairings } from '@emoeditor/companion-server/session/pairings.ts';
import { WebSocketServer } from 'ws';
import { createManualEngine } from '../../test/fakes/manualEngine.ts';

const http = createServer();
let code = '';
if (process.argv[2] === 'echo') {
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => socket.send(data));
  });
} else code = serveWire();
process.once('disconnect', () => process.exit());
http.listen(0, '127.0.0.1', () => process.send?.({ port: portOf(), code }));

function portOf(): number {
  return (http.address() as AddressInfo).port;
}

/** The server without an engine: an edit is over at once, and a tile comes back as it is. */
function serveWire(): string {
  const engine = createManualEngine();
  const begin = engine.edit;
  engine.edit = (...takes) => {
    const summary = begin(...takes);
    engine.edits.at(-1)?.iteration(0);
    engine.edits.at(-1)?.succeed();
    return summary;
  };
  engine.composite = async (_fit, tile) => tile;
  const codes = createPairingCodes();
  const jobs = createJobs({
    engine,
    queue: createInProcessQueue(),
    encodePreview: async () => new Uint8Array(1),
  });
  const server = { name: 'bench', version: '1' };
  const session = { jobs, engine, pairings: createPairings(null), codes, server, log: SILENT };
  createWireServer({ http, port: portOf, session });
  return codes.code('typed');
}
