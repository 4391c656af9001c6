import { describe, expect, it, vi } from 'vitest';
import { connectTo } from '../doubles/connectTo.ts';
import { settled } from '../doubles/manualClock.ts';
import { KEY, scriptedServer } from '../doubles/scriptedServer.ts';

describe('a key that is old', () => {
  it('[SE11] keeps a new key in place of one of thirty days, which neither side sends', async () => {
    const server = scriptedServer();
    await settled();
    server.now = 31 * 24 * 60 * 60_000;
    const { client, clock, tokens } = connectTo(server);
    await vi.waitFor(() => expect(client.connection.kind).toBe('ready'));
    const key = (await tokens.read()) ?? '';
    expect(key).toMatch(/^[0-9a-f]{16}\.[0-9a-f]{64}$/);
    expect(key).not.toBe(KEY);
    expect(await server.pairings.list()).toHaveLength(2);
    server.channel.close(1001, 'going away');
    await clock.pass(500);
    await vi.waitFor(() => expect(client.connection.kind).toBe('ready'));
    // The new key has been used: the old one is unknown.
    expect((await server.pairings.list()).map(({ id }) => id)).toEqual([key.slice(0, 16)]);
    expect(await tokens.read()).toBe(key);
    expect(JSON.stringify(server.received)).not.toContain(key.slice(17));
  });

  it('[SE11] connects by the old key again where the new one could not be kept', async () => {
    const server = scriptedServer();
    await settled();
    server.now = 31 * 24 * 60 * 60_000;
    const { client, clock, tokens } = connectTo(server);
    tokens.write = async () => {
      throw new Error('There is no room.');
    };
    for (let time = 0; time < 2; time++) {
      await vi.waitFor(() => expect(client.connection.kind).toBe('ready'));
      server.channel.close(1001, 'going away');
      await clock.pass(500);
    }
    await vi.waitFor(() => expect(client.connection.kind).toBe('ready'));
    // One follower a day is enough.
    expect(await server.pairings.list()).toHaveLength(2);
  });
});
