import { createServer } from 'node:http';
import { listen } from '@emoeditor/companion-server/http/listen.ts';
import { createWireServer } from '@emoeditor/companion-server/http/wireServer.ts';
import { createInProcessQueue } from '@emoeditor/companion-server/jobs/inProcessQueue.ts';
import { createJobs } from '@emoeditor/companion-server/jobs/jobs.ts';
import { SILENT } from '@emoeditor/companion-server/log.ts';
import { createPairingGate } from '@emoeditor/companion-server/session/pairingGate.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createManualEngine } from '../../../fakes/manualEngine.ts';

const ends: Array<() => unknown> = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function startWire(pingMs: number) {
  const http = createServer();
  let port = 0;
  const engine = createManualEngine();
  const jobs = createJobs({
    engine,
    queue: createInProcessQueue(),
    encodePreview: async () => new Uint8Array(1),
  });
  const gate = createPairingGate('7K3MQX9TRB');
  const server = { name: 'companion', version: '1.2.3' };
  const session = { jobs, engine, gate, server, log: SILENT };
  const wire = createWireServer({ http, port: () => port, session, pingMs });
  port = await listen(http, 0);
  ends.push(
    () => wire.close(),
    () => http.close(),
  );
  const connect = (options: { autoPong?: boolean } = {}) =>
    new Promise<WebSocket>((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/v1`, options);
      socket.once('open', () => resolve(socket)).once('error', reject);
    });
  return { wire, connect };
}

describe('wire server', () => {
  it('HS8: drops a peer that does not answer its pings, and keeps one that does', async () => {
    const { wire, connect } = await startWire(500);
    const alive = await connect();
    let pings = 0;
    alive.on('ping', () => {
      pings += 1;
    });
    const dead = await connect({ autoPong: false });
    const closed = new Promise((resolve) => dead.once('close', resolve));
    await closed;
    await vi.waitFor(() => expect(pings).toBeGreaterThan(1));
    expect(alive.readyState).toBe(WebSocket.OPEN);
    await vi.waitFor(() => expect(wire.connections).toBe(1));
  });

  it('takes no more connections than it can serve', async () => {
    const { connect } = await startWire(60_000);
    await Promise.all(Array.from({ length: 32 }, () => connect()));
    await expect(connect()).rejects.toThrow('503');
  });
});
