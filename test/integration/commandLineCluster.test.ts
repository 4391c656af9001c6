import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  freePort,
  HAS_NATS,
  type NatsServer,
  startNats,
  WITHOUT_NATS,
} from '../fakes/natsServer.ts';
import { cleanUp, newFolder } from './companion.ts';
import { emoeditor } from './emoeditor.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await cleanUp();
});

const COMMANDS: readonly [string, ...string[]][] = [
  ['gateway', '--no-journal', '--port', '0'],
  ['worker'],
];

async function nats(config?: string): Promise<NatsServer> {
  const server = await startNats(config === undefined ? {} : { config: () => config });
  ends.push(() => server.close());
  return server;
}

/** Says that it is a NATS server of that version, and no more. */
async function natsOfVersion(version: string): Promise<string> {
  const server = createServer((socket) => {
    socket.write(
      `INFO ${JSON.stringify({ server_id: 'x', version, max_payload: 1048576, proto: 1 })}\r\n`,
    );
    socket.on('data', (data) => {
      if (data.includes('PING')) socket.write('PONG\r\n');
    });
    socket.on('error', () => {});
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  ends.push(() => server.close());
  return `nats://127.0.0.1:${port}`;
}

describe.each(COMMANDS)('emoeditor %s', (name, ...more) => {
  const run = (...args: readonly string[]) => emoeditor([name, ...more, ...args]);

  it('asks for an address', async () => {
    const { code, err } = await run();
    expect(err).toContain('Expected the address of a NATS server but received none.');
    expect(code).toBe(2);
  });

  it('says that no NATS server answers', async () => {
    const url = `nats://127.0.0.1:${await freePort()}`;
    const { code, err } = await run('--nats', url);
    expect(err).toContain(`No NATS server answers at ${url}`);
    expect(err).toContain('Start nats-server there');
    expect(code).toBe(1);
  });

  it('says that a NATS server is too old', async () => {
    const { err } = await run('--nats', await natsOfVersion('2.8.4'));
    expect(err).toContain('Expected nats-server 2.9 or newer but found 2.8.4.');
  });

  it('sends nothing in the clear to another machine', async () => {
    const { code, err } = await run('--nats', 'nats://192.0.2.7:4222');
    expect(err).toContain('Expected encrypted NATS off this machine');
    expect(code).toBe(1);
  });

  it('says that the credentials are somebody else’s, or none', async () => {
    const file = join(await newFolder(), 'admin.json');
    await writeFile(file, '{"kind":"admin"}');
    const { err } = await run('--credentials', file);
    expect(err).toContain('but it holds those of the admin.');
    await writeFile(file, 'hello');
    expect((await run('--credentials', file)).err).toContain('but it holds no credentials.');
    expect((await run('--credentials', `${file}.not`)).err).toContain('cannot be read');
  });

  it.skipIf(!HAS_NATS)(`says that there is no JetStream${WITHOUT_NATS}`, async () => {
    const { err } = await run('--nats', (await nats('')).url);
    expect(err).toContain('Expected a NATS server with JetStream but this one has none');
  });

  it.skipIf(!HAS_NATS)(`says that the server asks for credentials${WITHOUT_NATS}`, async () => {
    const { url } = await nats('authorization { user: a, password: b }');
    const { err } = await run('--nats', url);
    expect(err).toContain(`The NATS server at ${url} refused the credentials.`);
  });

  it.skipIf(!HAS_NATS)(`says that the store is too small${WITHOUT_NATS}`, async () => {
    const folder = await newFolder();
    const limits = 'max_file_store: 1MB, max_memory_store: 1MB';
    const { url } = await nats(`jetstream { store_dir: "${folder}", ${limits} }`);
    const { err } = await run('--nats', url);
    expect(err).toMatch(/The NATS server has no \d+ MiB of store left for JOBS\./);
  });
});

it('emoeditor gateway refuses a name that is no part of a subject', async () => {
  const { code, err } = await emoeditor([
    'gateway',
    '--nats',
    'nats://127.0.0.1:1',
    '--artist',
    'a.b',
  ]);
  expect(err).toContain('“a.b” cannot be the name of an artist.');
  expect(code).toBe(2);
});
