import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAcceptedLicences } from '@emoeditor/companion-server/models/catalogue/acceptedLicences.ts';
import {
  type CatalogueEntry,
  entryNamed,
  readCatalogue,
} from '@emoeditor/companion-server/models/catalogue/catalogue.ts';
import { pullModel } from '@emoeditor/companion-server/models/catalogue/pullModel.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../temporaryFolder.ts';

const folder = temporaryFolder('each');
let server: Server;
let asked: string[];
/** A path whose file the server sends without its end, as if that were all. */
let short: string | null;
beforeEach(async () => {
  asked = [];
  short = null;
  server = createServer(({ url = '' }, response) => {
    asked.push(url);
    response.end(`contents of ${url}`.slice(0, url === short ? -1 : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const file = (path: string, bytes?: number) => {
  const contents = `contents of /${path}`;
  return {
    path,
    urls: [`http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`],
    bytes: bytes ?? contents.length,
    sha256: createHash('sha256').update(contents).digest('hex'),
  };
};
const entry = (files: CatalogueEntry['files']): CatalogueEntry => ({
  name: 'small',
  title: 'Small',
  kind: 'checkpoint',
  licence: { name: 'MIT', url: 'https://example.org', terms: 'None.' },
  files,
});
const signal = new AbortController().signal;

describe('pullModel', () => {
  it('leaves no folder behind when nothing has arrived', async () => {
    const gone = { ...file('unet/weights'), urls: ['http://127.0.0.1:9/nothing'] };
    const place = folder('made', 'by', 'the pull');
    await expect(pullModel(entry([gone]), place, { signal, patience: 1 })).rejects.toMatchObject({
      code: 'OFFLINE',
    });
    await expect(readdir(place)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('fetches what is missing, counts on, and a second time only compares', async () => {
    const model = entry([file('unet/weights'), file('vae/weights')]);
    const counts: number[] = [];
    await pullModel(model, folder(), { signal, onProgress: (bytes) => counts.push(bytes) });
    expect(await readFile(folder('vae/weights'), 'utf8')).toBe('contents of /vae/weights');
    expect(counts.at(-1)).toBe(model.files[0]!.bytes + model.files[1]!.bytes);
    await writeFile(folder('vae/weights'), 'damaged');
    asked = [];
    await pullModel(model, folder(), { signal });
    expect(asked).toEqual(['/vae/weights']);
  });

  it('never takes a truncated file for complete, nor at the next start', async () => {
    const model = entry([file('unet/weights'), file('vae/weights')]);
    short = '/vae/weights';
    await expect(pullModel(model, folder(), { signal })).rejects.toMatchObject({
      code: 'CHECKSUM',
      message: expect.stringContaining('/vae/weights'),
    });
    expect(await readdir(folder('vae'))).toEqual([]);
    [short, asked] = [null, []];
    await pullModel(model, folder(), { signal });
    expect(asked).toEqual(['/vae/weights']);
    expect(await readFile(folder('vae/weights'), 'utf8')).toBe('contents of /vae/weights');
  });

  it('asks for nothing when the disk has no room', async () => {
    const model = entry([file('unet/weights', Number.MAX_SAFE_INTEGER)]);
    await expect(pullModel(model, folder(), { signal })).rejects.toMatchObject({ code: 'NO_ROOM' });
    expect(asked).toEqual([]);
  });
});

describe('readCatalogue', () => {
  it('reads the one that comes with the product', async () => {
    const catalogue = await readCatalogue();
    expect(entryNamed(catalogue, 'instruct-pix2pix').files).not.toHaveLength(0);
    expect(() => entryNamed(catalogue, 'nothing')).toThrow(/none called “nothing”/);
    // Of one revision: what a branch holds changes.
    const urls = catalogue.flatMap(({ files }) => files.flatMap((one) => one.urls));
    expect(urls.filter((url) => !/\/[0-9a-f]{40}\//.test(url))).toEqual([]);
  });

  const bad = (change: object) => ({ format: 1, models: [{ ...entry([file('a')]), ...change }] });
  it.each([
    ['a path that leaves the folder', () => bad({ files: [{ ...file('a'), path: '../a' }] })],
    ['an absolute path', () => bad({ files: [{ ...file('a'), path: '/etc/a' }] })],
    ['an address without TLS', () => bad({ files: [{ ...file('a'), urls: ['http://a.org/a'] }] })],
    ['a missing checksum', () => bad({ files: [{ ...file('a'), sha256: null }] })],
    ['another format', () => ({ format: 2, models: [] })],
  ])('refuses %s', async (_, make) => {
    const path = folder('catalogue.json');
    await writeFile(path, JSON.stringify(make()));
    await expect(readCatalogue(path)).rejects.toMatchObject({ code: 'CATALOGUE' });
  });
});

describe('createAcceptedLicences', () => {
  it('remembers a model’s licence, and not another one', async () => {
    const path = folder('settings', 'licences.json');
    await createAcceptedLicences(path).add('small', 'MIT');
    expect(await createAcceptedLicences(path).has('small', 'MIT')).toBe(true);
    expect(await createAcceptedLicences(path).has('small', 'GPL')).toBe(false);
    expect(await createAcceptedLicences(path).has('large', 'MIT')).toBe(false);
  });
});
