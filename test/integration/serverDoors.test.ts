import { mkdir, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readConfig } from '@emoeditor/companion-server/config.ts';
import { createLog } from '@emoeditor/companion-server/log.ts';
import { startServer } from '@emoeditor/companion-server/main.ts';
import { bytesToHex, encodeFrame, MAX_FRAME_BYTES, SERVER_PORTS } from '@emoeditor/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { helloOf, PAIRING } from '../fakes/introduceTo.ts';
import { SCRIPTED_MODELS } from '../fakes/scriptedModelsModule.ts';
import {
  cleanUp,
  connectTo,
  newFolder,
  pairedWith,
  sharedCompanion,
  startCompanion,
  url,
} from './companion.ts';

afterEach(cleanUp);

/** A GET with headers that fetch would not let us choose. */
function get(
  port: number,
  path: string,
  headers: Record<string, string>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers }, resolve).once('error', reject).end();
  });
}

/** How an upgrade ends: `open`, or the status it was refused with. */
function upgrade(address: string, options: { origin?: string; headers?: Record<string, string> }) {
  return new Promise<string>((resolve) => {
    const socket = new WebSocket(address, options);
    socket.once('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.once('unexpected-response', (_request, { statusCode }) => resolve(`${statusCode}`));
    socket.once('error', (error) => resolve(error.message));
  });
}

describe('who gets in', () => {
  it('HS3: whoever is not paired is refused and closed with 4001', async () => {
    const client = await connectTo(await sharedCompanion());
    client.say({ ...helloOf(), pairing: null });
    expect((await client.hear('error')).error.code).toBe('UNAUTHORISED');
    await vi.waitFor(() => expect(client.closed).toEqual([4001]));
  });

  it('SE2, SE3: foreign Hosts and Origins get neither a page nor a socket', async () => {
    const server = await sharedCompanion();
    const { port } = server;
    const own = { host: `127.0.0.1:${port}` };
    expect((await get(port, '/health', own)).statusCode).toBe(200);
    expect((await get(port, '/', { host: `evil.example:${port}` })).statusCode).toBe(403);
    const foreign = await get(port, '/', { ...own, origin: 'https://evil.example' });
    expect(foreign.statusCode).toBe(403);
    expect(await upgrade(url(server), {})).toBe('open');
    expect(await upgrade(url(server), { origin: `http://127.0.0.1:${port}` })).toBe('open');
    expect(await upgrade(url(server), { origin: 'https://evil.example' })).toBe('403');
    expect(await upgrade(url(server), { headers: { host: 'evil.example' } })).toBe('403');
    expect(await upgrade(url(server).replace('/v1', '/v2'), {})).toBe('404');
  });

  it('SE5: neither the token nor pixels appear in the log', async () => {
    const folder = await newFolder();
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) } as never;
    const server = await startServer(
      readConfig({
        port: 0,
        bundle: 'scripted',
        pairingsFile: join(folder, 'pairings.json'),
        journalFolder: join(folder, 'journal'),
        modelsModule: SCRIPTED_MODELS,
      }),
      { log: createLog({ level: 'debug', isPretty: false, destination }) },
    );
    try {
      const client = await pairedWith(server);
      await client.submit();
      await client.hear('jobSucceeded');
      client.channel.close();
    } finally {
      await server.close();
    }
    const text = lines.join('');
    expect(text).toContain('connected');
    expect(text).toContain('edit ended');
    expect(text).not.toContain(server.pairingCode.replace('-', ''));
    expect(text).not.toContain(bytesToHex(PAIRING.key));
    expect(text).not.toContain(server.studioUrl.split('=')[1]);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(500);
  });
});

describe('what comes in', () => {
  it('ER3: nonsense is refused and the connection lives on', async () => {
    const client = await pairedWith(await sharedCompanion());
    client.socket.send('nonsense');
    client.socket.send('{"type":"dance"}');
    await client.hear('error', 2);
    client.say({ type: 'ping', nonce: 5 });
    expect((await client.hear('pong')).nonce).toBe(5);
  });

  it('FR2, FR6: a frame that no message announced ends the connection with 4000', async () => {
    const client = await pairedWith(await sharedCompanion());
    const payload = Uint8Array.of(1, 2, 3);
    client.socket.send(encodeFrame({ stream: 9, sequence: 0, total: 3, offset: 0, payload }));
    expect((await client.hear('error')).error.code).toBe('BAD_FRAME');
    await vi.waitFor(() => expect(client.closed).toEqual([4000]));
  });

  it('SE6: a frame above the limit closes the connection with 1009', async () => {
    const server = await sharedCompanion();
    const client = await pairedWith(server);
    client.socket.send(new Uint8Array(2 * MAX_FRAME_BYTES));
    await vi.waitFor(() => expect(client.closed).toEqual([1009]));
    await pairedWith(server);
  });
});

describe('where it listens', () => {
  it('says in a sentence that a port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    try {
      await expect(startCompanion('scripted', { port })).rejects.toMatchObject({
        code: 'PORT_TAKEN',
        message: expect.stringContaining(`Port ${port} is taken`),
        hint: expect.stringContaining('Stop that program'),
      });
    } finally {
      other.close();
    }
  });

  it('takes one of the ports that the panel looks at when none is asked for', async () => {
    const [first, second] = [
      await startCompanion('scripted', { port: null }),
      await startCompanion('scripted', { port: null }),
    ];
    expect(SERVER_PORTS).toContain(first.port);
    expect(SERVER_PORTS).toContain(second.port);
    expect(second.port).not.toBe(first.port);
  });
});

describe('the studio', () => {
  it('is served without a secret in its page, and its files as they are', async () => {
    const studioFolder = await newFolder();
    await mkdir(join(studioFolder, 'assets'));
    const html = '<html><head></head></html>';
    await writeFile(join(studioFolder, 'index.html'), html);
    await writeFile(join(studioFolder, 'assets', 'studio.js'), 'export {};');
    const server = await startCompanion('scripted', { studioFolder });
    const page = await fetch(server.url);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/,
    );
    expect(await page.text()).toBe(html);
    expect(server.studioUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#pair=[0-9A-Z]{25}$/);
    const script = await fetch(`${server.url}assets/studio.js`);
    expect(script.headers.get('content-type')).toContain('javascript');
    expect(await script.text()).toBe('export {};');
    expect((await fetch(`${server.url}nowhere`)).status).toBe(404);
    expect((await fetch(`${server.url}..%2f..%2fetc%2fpasswd`)).status).toBeGreaterThanOrEqual(400);
  });

  it('has a friendly page in its place as long as it is not built', async () => {
    const server = await sharedCompanion();
    const page = await fetch(server.url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('npm run build');
    expect(await (await fetch(`${server.url}version`)).json()).toMatchObject({ protocol: 1 });
  });
});
