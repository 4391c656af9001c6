import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { connect as connectRaw } from 'node:net';
import { createConnectionSlots } from '@emoeditor/companion-server/http/connectionSlots.ts';
import { listen } from '@emoeditor/companion-server/http/listen.ts';
import { webSocketTransport } from '@emoeditor/companion-server/http/webSocketTransport.ts';
import { createWireServer } from '@emoeditor/companion-server/http/wireServer.ts';
import { createInProcessQueue } from '@emoeditor/companion-server/jobs/inProcessQueue.ts';
import { createJobs } from '@emoeditor/companion-server/jobs/jobs.ts';
import { type Log, SILENT } from '@emoeditor/companion-server/log.ts';
import { createPairingCodes } from '@emoeditor/companion-server/session/pairingCodes.ts';
import { createPairings } from '@emoeditor/companion-server/session/pairings.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { helloOf, PAIRING, proofFor } from '../../../fakes/introduceTo.ts';
import { createManualEngine } from '../../../fakes/manualEngine.ts';

const ends: Array<() => unknown> = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function startWire(pingMs: number, log: Log = SILENT) {
  const http = createServer();
  let port = 0;
  const engine = createManualEngine();
  const jobs = createJobs({
    engine,
    queue: createInProcessQueue(),
    encodePreview: async () => new Uint8Array(1),
  });
  const pairings = createPairings(null);
  await pairings.add(PAIRING, 'test');
  const server = { name: 'companion', version: '1.2.3' };
  const session = { jobs, engine, pairings, codes: createPairingCodes(), server, log };
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
  return { wire, connect, port };
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

  it('SE4: takes no more paired connections than it can serve', async () => {
    const { connect } = await startWire(60_000);
    for (let i = 0; i < 32; i++) await paired(await connect());
    await expect(connect()).rejects.toThrow('503');
  });

  it('SE4: whoever opens connections without a code keeps no panel out, and ends none', async () => {
    const { connect } = await startWire(60_000);
    const first = await connect();
    const evicted = new Promise((resolve) => first.once('close', resolve));
    const panel = await paired(await connect());
    const strangers: WebSocket[] = [];
    for (let i = 0; i < 80; i++) strangers.push(await connect());
    await evicted;
    await paired(await connect());
    expect(panel.readyState).toBe(WebSocket.OPEN);
    expect(strangers.at(-1)?.readyState).toBe(WebSocket.OPEN);
  });

  it('SE4: whoever opens connections and says nothing takes neither files nor places', async () => {
    const { connect, port } = await startWire(60_000);
    const panel = await paired(await connect());
    let open = 0;
    for (let i = 0; i < 400; i++) {
      const silent = connectRaw(port, '127.0.0.1');
      silent.on('error', () => {});
      silent.once('close', () => {
        open -= 1;
      });
      await new Promise((resolve) => silent.once('connect', resolve));
      open += 1;
      ends.push(() => silent.destroy());
    }
    await vi.waitFor(() => expect(open).toBeLessThanOrEqual(128));
    await paired(await connect());
    expect(panel.readyState).toBe(WebSocket.OPEN);
  });
});

/** Says hello, proves its key and hears the welcome. */
async function paired(socket: WebSocket): Promise<WebSocket> {
  const heard = async () => {
    const text = await new Promise((resolve) => socket.once('message', resolve));
    return JSON.parse(String(text));
  };
  socket.send(JSON.stringify(helloOf()));
  socket.send(JSON.stringify(proofFor(await heard())));
  expect((await heard()).type).toBe('welcome');
  return socket;
}

describe('a peer that does not read', () => {
  it('SE9: loses its connection when more waits for it than may', () => {
    const socket = Object.assign(new EventEmitter(), {
      readyState: WebSocket.OPEN,
      bufferedAmount: 100,
      send: vi.fn(),
      terminate: vi.fn(),
    });
    const transport = webSocketTransport(socket as never, () => 100);
    transport.send('a');
    expect(socket.send).toHaveBeenCalledTimes(1);
    socket.bufferedAmount = 101;
    transport.send('b');
    expect(socket.send).toHaveBeenCalledTimes(1);
    expect(socket.terminate).toHaveBeenCalledTimes(1);
  });

  it('SE9: is let wait for less before it is paired', async () => {
    const { connect } = await startWire(60_000);
    const slots = createConnectionSlots();
    const socket = await connect();
    slots.add(socket);
    expect(slots.mayWait(socket)).toBe(64 * 1024);
    slots.paired(socket);
    expect(slots.mayWait(socket)).toBe(8 * 1024 * 1024);
  });
});

/** All that the server answers to an upgrade whose path is sent as it stands, without a client that puts it right. */
function upgradeTo(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connectRaw(port, '127.0.0.1', () => {
      const headers = [
        `GET ${path} HTTP/1.1`,
        `Host: 127.0.0.1:${port}`,
        ...['Connection: Upgrade', 'Upgrade: websocket'],
        ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='],
      ];
      socket.write(`${headers.join('\r\n')}\r\n\r\n`);
    });
    socket.on('data', (data) => {
      answer += data;
    });
    socket.once('close', () => resolve(answer)).once('error', reject);
  });
}

describe('what no peer can do', () => {
  it.each(['//', 'http://[', '//[::', '//a:99999/v1', '/v1/../..', '/%', '*', '/v1%00'])(
    'SE7: end the process by upgrading to %s',
    async (path) => {
      const { connect, port } = await startWire(60_000);
      expect(await upgradeTo(port, path)).toMatch(/^HTTP\/1\.1 40[04] /);
      await connect();
    },
  );

  it('SE7: find a fault of ours that costs more than its own connection and a line of the log', async () => {
    const errors: object[] = [];
    const log: Log = {
      ...SILENT,
      warn() {
        throw new Error('a fault of ours');
      },
      error: (facts) => void errors.push(facts),
    };
    const { connect, port } = await startWire(60_000, log);
    const [bystander, peer] = [await connect(), await connect()];
    const closed = new Promise((resolve) => peer.once('close', resolve));
    // Both are warned of: a frame that no message announced, and an upgrade that is refused.
    peer.send(new Uint8Array(40));
    expect(await closed).toBe(1006);
    expect(await upgradeTo(port, '/v2')).toBe('');
    expect(errors).toEqual([
      { event: 'message', reason: 'a fault of ours' },
      { event: 'upgrade', reason: 'a fault of ours' },
    ]);
    expect(bystander.readyState).toBe(WebSocket.OPEN);
  });
});
