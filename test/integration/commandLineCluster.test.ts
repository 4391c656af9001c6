import { readFile, stat, writeFile } from 'node:fs/promises';
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

describe('emoeditor cluster', () => {
  const init = (folder: string, ...args: readonly string[]) =>
    emoeditor(['cluster', 'init', folder, '--host', '127.0.0.1', ...args]);
  const json = async (...path: readonly string[]) =>
    JSON.parse(await readFile(join(...path), 'utf8'));

  it('writes what a cluster needs; who is added later changes nobody’s keys', async () => {
    const folder = await newFolder();
    expect((await init(folder, '--artist', 'ana')).code).toBe(0);
    const before = await json(folder, 'artists', 'ana.json');
    const worker = await json(folder, 'worker.json');
    const { out } = await init(folder, '--artist', 'ben', '--gigabytes', '1');
    expect(out).toContain('Artists   ana, ben');
    expect(await json(folder, 'artists', 'ana.json')).toEqual(before);
    expect(await json(folder, 'worker.json')).toEqual(worker);
    expect(await json(folder, 'admin.json')).toMatchObject({
      artists: ['ana', 'ben'],
      bytes: 2 ** 30,
    });
    const isPosix = process.platform !== 'win32';
    for (const secret of ['admin.json', 'worker.json', 'nats.conf', 'ca.key', 'artists/ben.json']) {
      const others = (await stat(join(folder, secret))).mode & 0o077;
      if (isPosix) expect([secret, others]).toEqual([secret, 0]);
    }
    const config = await readFile(join(folder, 'nats.conf'), 'utf8');
    // The server knows public keys alone.
    expect(config).not.toContain(before.seed);
    expect(config).not.toContain(before.secret);
    const unit = await readFile(join(folder, 'systemd', 'emoeditor-nats.service'), 'utf8');
    if (isPosix) expect(unit).toContain(`ExecStart=nats-server -c ${folder}/nats.conf`);
  });

  it.each([
    [['--artist', 'Ana'], '“Ana” cannot be the name of an artist.'],
    [['--artist', 'studio'], '“studio” cannot be the name of an artist.'],
  ])('init %j: %s', async (args, sentence) => {
    const { code, err } = await init(await newFolder(), ...args);
    expect(err).toContain(sentence);
    expect(code).toBe(2);
  });

  it.skipIf(!HAS_NATS)(
    `prepares a server that runs, and tells how it is doing${WITHOUT_NATS}`,
    async () => {
      const folder = await newFolder();
      const port = await freePort();
      const sized = ['--port', String(port), '--gigabytes', '0.1'];
      await init(folder, '--artist', 'ana', '--artist', 'ben', ...sized);
      const config = await readFile(join(folder, 'nats.conf'), 'utf8');
      const server = await startNats({ port, config: () => config.replace(/^listen: .*$/m, '') });
      ends.push(() => server.close());
      const as = (file: string) => ['--credentials', join(folder, file)];
      const early = await emoeditor(['gateway', '--port', '0', ...as('artists/ana.json')]);
      expect(early.err).toContain('The NATS server answers, but its streams are not there.');
      const prepared = await emoeditor(['cluster', 'prepare', ...as('admin.json')]);
      expect(prepared).toMatchObject({ code: 0, out: 'Prepared for ana, ben.' });
      // In a store that would not hold all of it twice.
      const again = await emoeditor(['cluster', 'prepare', ...as('admin.json')]);
      expect(again).toMatchObject({ code: 0, out: 'Prepared for ana, ben.' });
      const { out } = await emoeditor(['cluster', 'status', ...as('admin.json')]);
      expect(out).toContain('No worker is there.');
      expect(out).toContain('  ana  0 running, 0 waiting, 0 MiB of 102 MiB');
      const wrong = await emoeditor(['cluster', 'status', ...as('worker.json')]);
      expect(wrong.err).toContain('Expected the credentials of the admin');
    },
  );
});
