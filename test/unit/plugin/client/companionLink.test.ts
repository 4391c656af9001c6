import { CompanionClient } from '@emoeditor/plugin/client/companionClient.ts';
import { portsToTry, reconnectDelayMs } from '@emoeditor/plugin/client/reconnectPolicy.ts';
import type { Transport } from '@emoeditor/shared';
import { describe, expect, it, vi } from 'vitest';
import { connectTo } from '../doubles/connectTo.ts';
import { manualClock, settled } from '../doubles/manualClock.ts';
import { memoryTokens } from '../doubles/memoryStores.ts';
import { CODE, IDENTITY, KEY, OTHER_ERROR, scriptedServer } from '../doubles/scriptedServer.ts';

describe('finding the server', () => {
  it('tries the port of last time first, then the others in order', () => {
    const all = [8765, 8766, 8767];
    expect(portsToTry({ fixed: null, last: '8767' }, all)).toEqual([8767, 8765, 8766]);
    expect(portsToTry({ fixed: null, last: '1234' }, all)).toEqual([1234, ...all]);
    expect(portsToTry({ fixed: null, last: null }, all)).toEqual(all);
    expect(portsToTry({ fixed: '', last: 'x' }, all)).toEqual(all);
    expect(portsToTry({ fixed: '8766', last: '8767' }, all)).toEqual([8766]);
  });

  it('waits longer each time, up to eight seconds', () => {
    expect([0, 1, 2, 3, 4, 5, 400].map(reconnectDelayMs)).toEqual([
      500, 1000, 2000, 4000, 8000, 8000, 8000,
    ]);
  });

  it('walks the five ports and remembers the one that answered', async () => {
    const server = scriptedServer([8767]);
    const { client, settings } = connectTo(server);
    await settled();
    expect(server.tried).toEqual([8765, 8766, 8767]);
    expect(client.connection).toMatchObject({ kind: 'ready', port: 8767 });
    expect(settings.read('port')).toBe('8767');
  });

  it('is absent while nothing answers, looks again by itself and finds a server started later', async () => {
    const server = scriptedServer([]);
    const { client, clock } = connectTo(server);
    await settled();
    expect(client.connection.kind).toBe('absent');
    expect(server.tried).toHaveLength(5);
    await clock.pass(499);
    expect(server.tried).toHaveLength(5);
    server.ports = [8765];
    await clock.pass(1);
    expect(client.connection.kind).toBe('ready');
  });

  it('uses the one port that the user chose, over restarts, until told otherwise', async () => {
    const server = scriptedServer([8765, 8767]);
    const { client, settings } = connectTo(server);
    await settled();
    expect(client.connection).toMatchObject({ port: 8765 });
    client.choosePort(8767);
    await settled();
    expect(client.connection).toMatchObject({ kind: 'ready', port: 8767 });
    server.ports = [8765];
    const next = new CompanionClient({
      open: server.open,
      tokens: memoryTokens(KEY),
      settings,
      clock: manualClock(),
      client: { name: 'test', version: '0.0.0' },
    });
    await settled();
    expect([next.port, next.connection.kind]).toEqual([8767, 'absent']);
    next.choosePort(null);
    await settled();
    expect(next.connection).toMatchObject({ kind: 'ready', port: 8765 });
  });

  it('asks no code while another server knows this panel', async () => {
    const strange = scriptedServer([8765]);
    strange.refusal = { ...OTHER_ERROR, code: 'UNAUTHORISED' };
    const own = scriptedServer([8766]);
    const open = (port: number) => (port === 8765 ? strange.open(port) : own.open(port));
    const { client } = connectTo({ open });
    await settled();
    expect(client.connection).toMatchObject({ kind: 'ready', port: 8766 });
  });

  it('looks at once when asked to', async () => {
    const server = scriptedServer([]);
    const { client, clock } = connectTo(server);
    await clock.pass(20_000);
    server.ports = [8766];
    client.lookNow();
    await settled();
    expect(client.connection.kind).toBe('ready');
  });
});

describe('the handshake', () => {
  it('[HS1] [HS4] says protocol, id of its key, name and version, and is ready on welcome', async () => {
    const server = scriptedServer();
    const { client } = connectTo(server);
    await settled();
    expect(server.received[0]?.message).toMatchObject({
      type: 'hello',
      protocol: 1,
      pairing: KEY.slice(0, 16),
      client: { name: 'test', version: '0.0.0' },
    });
    expect(client.connection).toMatchObject({
      kind: 'ready',
      server: { bundle: { workingArea: 65536 }, provider: { name: 'CPU' } },
    });
  });

  it('[HS3] asks for the code without calling it wrong when there was none', async () => {
    const { client } = connectTo(scriptedServer(), null);
    await settled();
    expect(client.connection).toEqual({ kind: 'pairing', isRejected: false });
  });

  it('[HS3] [SE10] says that a code was wrong, pairs by the right one however it was typed, and keeps the key', async () => {
    const server = scriptedServer();
    const { client, clock, tokens } = connectTo(server, null);
    await settled();
    await client.pair('AAAAA-AAAAA');
    await clock.pass(10);
    await vi.waitFor(() =>
      expect(client.connection).toEqual({ kind: 'pairing', isRejected: true }),
    );
    const before = server.tried.length;
    await clock.pass(60_000);
    expect(server.tried).toHaveLength(before);
    await client.pair('7k3mq-x9trb');
    await vi.waitFor(() => expect(client.connection.kind).toBe('ready'));
    const key = await tokens.read();
    expect(key).toMatch(/^[0-9a-f]{16}\.[0-9a-f]{64}$/);
    // The same key opens the door again, and the code does not.
    server.channel.close(1001, 'going away');
    await clock.pass(500);
    await vi.waitFor(() => expect(client.connection.kind).toBe('ready'));
    const other = connectTo(server, null);
    await other.client.pair(CODE);
    await vi.waitFor(() =>
      expect(other.client.connection).toEqual({ kind: 'pairing', isRejected: true }),
    );
  });

  it('[SE10] keeps the key of a server that pairs and then takes its time, and needs no other code', async () => {
    const server = scriptedServer([8765, 8766]);
    server.isSlow = true;
    const { client, clock } = connectTo(server, null);
    await settled();
    await client.pair(CODE);
    await vi.waitFor(() => expect(server.received.at(-1)?.message.type).toBe('proof'));
    server.isSlow = false;
    await clock.pass(10_000);
    await vi.waitFor(() => expect(client.connection).toMatchObject({ kind: 'ready', port: 8766 }));
  });

  it('[SE10] sends neither code nor key to whoever listens, and takes no welcome without a proof', async () => {
    const sent: string[] = [];
    /** Answers whatever came with all that it can make up. */
    const squatter: Transport = {
      bufferedAmount: 0,
      send(message) {
        sent.push(String(message));
        const zeros = '00'.repeat(32);
        for (const answer of [
          { type: 'challenge', nonce: zeros, proof: zeros },
          { type: 'paired', proof: zeros },
          { type: 'welcome', ...IDENTITY, credit: 16 },
        ]) {
          queueMicrotask(() => squatter.onMessage(JSON.stringify(answer)));
        }
      },
      close() {},
      onMessage() {},
      onClose() {},
    };
    const own = scriptedServer([8766]);
    const open = async (port: number) => (port === 8765 ? squatter : own.open(port));
    const { client } = connectTo({ open });
    await vi.waitFor(() => expect(client.connection).toMatchObject({ kind: 'ready', port: 8766 }));
    expect(sent).toHaveLength(1);
    const fresh = connectTo({ open }, null);
    await fresh.client.pair(CODE);
    await vi.waitFor(() => expect(fresh.client.connection.kind).toBe('ready'));
    const said = sent.join();
    expect(said).not.toContain(CODE);
    expect(said).not.toContain(KEY.slice(17));
  });

  it('[HS5] shows why a server cannot serve, and asks it again', async () => {
    const server = scriptedServer();
    server.refusal = OTHER_ERROR;
    const { client, clock } = connectTo(server);
    await settled();
    expect(client.connection).toEqual({ kind: 'refused', error: OTHER_ERROR });
    server.refusal = null;
    await clock.pass(8_000);
    expect(client.connection.kind).toBe('ready');
  });

  it('passes over something on the port that never answers', async () => {
    const server = scriptedServer([8766]);
    const open: typeof server.open = async (port) =>
      port === 8765
        ? { bufferedAmount: 0, send() {}, close() {}, onMessage() {}, onClose() {} }
        : server.open(port);
    const { client, clock } = connectTo({ open });
    await clock.pass(10_000);
    expect(client.connection).toMatchObject({ kind: 'ready', port: 8766 });
  });
});

describe('a connection', () => {
  it('[HS8] is pinged, and given up when the other side falls silent', async () => {
    const server = scriptedServer();
    const { client, clock } = connectTo(server);
    await clock.pass(12_000);
    expect(server.received.at(-1)?.message.type).toBe('ping');
    await clock.pass(60_000);
    expect(client.connection.kind).toBe('ready');
    expect(server.tried).toHaveLength(1);

    const { channel } = server;
    channel.onMessage = () => {};
    await clock.pass(12_000 + 15_000);
    expect(server.tried.length).toBeGreaterThan(1);
    expect(client.connection.kind).toBe('ready');
  });

  it('comes back after the server was started again', async () => {
    const server = scriptedServer();
    const { client, clock } = connectTo(server);
    await settled();
    server.ports = [];
    server.channel.close(1001, 'going away');
    await settled();
    expect(client.connection.kind).toBe('absent');
    server.ports = [8768];
    await clock.pass(500);
    expect(client.connection).toMatchObject({ kind: 'ready', port: 8768 });
  });

  it('ends for good when closed', async () => {
    const server = scriptedServer();
    const { client, clock } = connectTo(server);
    await settled();
    client.close();
    await clock.pass(60_000);
    expect(client.connection.kind).toBe('closed');
    expect(server.tried).toHaveLength(1);
  });
});
