import { createHash } from 'node:crypto';
import { access, appendFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { hasPart } from '@emoeditor/companion-server/models/bundle.ts';
import { USER_BUNDLES } from '@emoeditor/companion-server/models/bundleStore.ts';
import {
  type CatalogueEntry,
  entryNamed,
  readCatalogue,
} from '@emoeditor/companion-server/models/catalogue/catalogue.ts';
import { loadModelSet } from '@emoeditor/companion-server/models/loadModelSet.ts';
import { readBundle } from '@emoeditor/companion-server/models/readBundle.ts';
import { chooseProvider } from '@emoeditor/companion-server/runtime/chooseProvider.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeInstructPix2Pix } from '../fakes/checkpoints/instructPix2Pix.ts';
import { emoeditor, emoeditorProcess } from '../integration/emoeditor.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

/** The home folder, where bundles go: read once, when the modules are. */
const home = await vi.hoisted(async () => {
  const { mkdtemp } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const folder = await mkdtemp(`${tmpdir()}/emoeditor home `);
  vi.stubEnv('HOME', folder);
  vi.stubEnv('USERPROFILE', folder);
  for (const name of ['XDG_DATA_HOME', 'LOCALAPPDATA']) vi.stubEnv(name, undefined);
  return folder;
});
afterAll(() => rm(home, { recursive: true, force: true }));

const at = temporaryFolder();
const userModels = USER_BUNDLES;
const pulled = join(userModels, 'instruct-pix2pix.checkpoint');
let server: Server;
let asked: string[] = [];
/** The product's own entries, each file of them a small one at an address of this machine. */
let entry: CatalogueEntry;
let tiny: CatalogueEntry;
const pull = ['models', 'pull', 'instruct-pix2pix'];
const here = () => ['--catalogue', at('catalogue.json')];

beforeAll(async () => {
  // Never in the user's own folder.
  expect(USER_BUNDLES.startsWith(home)).toBe(true);
  vi.stubEnv('EMOEDITOR_TOKEN_FILE', at('settings/token'));
  await writeInstructPix2Pix(at('published'));
  const weights = 'diffusion_pytorch_model.safetensors';
  await cp(join(import.meta.dirname, '../golden/tiny', weights), at('published', weights));
  server = createServer(({ url = '' }, response) => {
    asked.push(url);
    void readFile(at('published', url)).then((bytes) => response.end(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const catalogue = await readCatalogue();
  entry = await small(entryNamed(catalogue, 'instruct-pix2pix'));
  tiny = await small(entryNamed(catalogue, 'taesd'));
  await writeFile(at('catalogue.json'), JSON.stringify({ format: 1, models: [entry, tiny] }));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  asked = [];
});

async function small(original: CatalogueEntry): Promise<CatalogueEntry> {
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const files = original.files.map(async ({ path }) => {
    const bytes = await readFile(at('published', path));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { path, urls: [`${address}/${path}`], bytes: bytes.length, sha256 };
  });
  return { ...original, files: await Promise.all(files) };
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** The words of a command as a shell reads them. */
const wordsOf = (line: string) =>
  (line.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));

describe('emoeditor models pull', () => {
  it('lists what can be downloaded when no name is given', async () => {
    const { code, out } = await emoeditor(['models', 'pull', ...here()]);
    expect(code).toBe(0);
    expect(out).toContain(`instruct-pix2pix  ${entry.title}`);
    expect(out).toContain(entry.licence.name);
    const own = await emoeditor(['models', 'pull']);
    expect(own.out).toMatch(/instruct-pix2pix .*, 2\.1 GB\n/);
    expect(own.out).toMatch(/taesd .*, 9\.8 MB\n/);
    expect(asked).toEqual([]);
  });

  it('names the models that there are when there is none of that name', async () => {
    const ended = await emoeditor(['models', 'pull', 'nothing', ...here()]);
    expect(ended).toMatchObject({ code: 1, err: expect.stringMatching(/“nothing”.*\n.*instruct/) });
  });

  it('without a terminal and without consent shows the licence, says how to agree and fetches nothing', async () => {
    const ended = await emoeditorProcess([...pull, ...here()]);
    expect(ended.code).toBe(1);
    expect(ended.out).toContain(entry.licence.name);
    expect(ended.out).toContain(entry.licence.terms);
    expect(ended.err).toContain('--accept-licence');
    expect(asked).toEqual([]);
    expect(await exists(userModels)).toBe(false);
  });

  it('takes any answer but yes for a no, and asks again the next time', async () => {
    for (const answer of ['no\n', '\n', 'y\n']) {
      const ended = await emoeditor([...pull, ...here()], answer);
      expect(ended.out).toContain('Do you agree?');
      expect(ended).toMatchObject({
        code: 1,
        err: expect.stringContaining('Nothing was downloaded'),
      });
    }
    expect(asked).toEqual([]);
    expect(await exists(userModels)).toBe(false);
  });

  it('downloads after a yes, and does not ask for the same licence again', async () => {
    const first = await emoeditor([...pull, ...here()], 'Yes\n');
    expect(first.code).toBe(0);
    expect(asked.toSorted()).toEqual(entry.files.map(({ path }) => `/${path}`).toSorted());
    for (const { path } of entry.files) {
      const bytes = await readFile(join(pulled, path));
      expect(bytes.equals(await readFile(at('published', path)))).toBe(true);
    }
    asked = [];
    const second = await emoeditor([...pull, ...here()]);
    expect(second.code).toBe(0);
    expect(second.out).not.toContain('Licence:');
    expect(asked).toEqual([]);
  });

  it('asks again when the licence has become another; --accept-licence agrees and is remembered', async () => {
    const licence = { ...entry.licence, name: 'Other licence' };
    const models = [{ ...entry, licence }];
    await writeFile(at('other.json'), JSON.stringify({ format: 1, models }));
    const other = [...pull, '--catalogue', at('other.json'), '--out', at('elsewhere')];
    expect((await emoeditor(other)).code).toBe(1);
    const agreed = await emoeditor([...other, '--accept-licence']);
    expect(agreed).toMatchObject({ code: 0, out: expect.stringContaining('Other licence') });
    expect(await exists(at('elsewhere/vae/diffusion_pytorch_model.fp16.safetensors'))).toBe(true);
    expect((await emoeditor(other)).code).toBe(0);
  });

  it('puts a bundle where bundles are, with no hint to import it', async () => {
    const [file] = entry.files.filter(({ path }) => path.endsWith('merges.txt'));
    const models = [{ ...entry, name: 'whole', kind: 'bundle', files: [file] }];
    await writeFile(at('whole.json'), JSON.stringify({ format: 1, models }));
    const command = ['models', 'pull', 'whole', '--catalogue', at('whole.json')];
    const ended = await emoeditor([...command, '--accept-licence']);
    expect(ended.code).toBe(0);
    expect(ended.out).not.toContain('emoeditor import');
    expect(await exists(join(userModels, 'whole', 'tokenizer/merges.txt'))).toBe(true);
  });
});

describe('a model that was pulled and imported as the last line of the pull says', () => {
  const folder = join(userModels, 'instruct-pix2pix');

  beforeAll(async () => {
    const { out } = await emoeditor([...pull, ...here(), '--accept-licence']);
    const [, hint = ''] = /^Turn it into a bundle: emoeditor (.*)$/m.exec(out) ?? [];
    const words = wordsOf(hint);
    expect(words.slice(0, 4)).toEqual(['import', pulled, '--out', folder]);
    expect((await emoeditor(words)).code).toBe(0);
  });

  it('is a bundle under the licence that was agreed to, in the precision that suits this machine', async () => {
    const { provider } = await chooseProvider();
    expect(await readBundle(folder)).toMatchObject({
      id: 'instruct-pix2pix',
      kind: 'instruction',
      licence: entry.licence.name,
      conditioning: { tokens: 77, width: 64 },
      guidance: { text: 7.5, image: 1.5 },
      precision: { unet: provider.name === 'cpu' ? 'int8' : 'float16', textEncoder: 'float16' },
    });
  });

  it('reads instructions with the words that came along', async () => {
    for (const name of ['vocab.json', 'merges.txt']) {
      const words = await readFile(join(folder, name), 'utf8');
      expect(words).toBe(await readFile(join(pulled, 'tokenizer', name), 'utf8'));
    }
    const models = await loadModelSet(folder, { provider: 'cpu', threads: 1 });
    try {
      const [tokens] = (await models.instructions?.encode(['make it rain'])) ?? [];
      expect(tokens?.dims).toEqual([1, 77, 64]);
    } finally {
      await models.release();
    }
  });

  it('is listed by “models” beside the product’s: size, precision, licence, limits and place', async () => {
    const { code, out } = await emoeditor(['models']);
    expect(code).toBe(0);
    expect(out).toMatch(/^starter {2}.+ MB .+/m);
    expect(out).toMatch(
      /^instruct-pix2pix {2}.*, instruction, \d+\.\d MB .*float16.*, MIT; derived/m,
    );
    expect(out).toContain(`  ${folder}\n  · Imported from a checkpoint`);
    expect(out).not.toContain('.checkpoint');
  });

  it('is compared with its checksums by --verify, which goes on behind a damaged bundle', async () => {
    const whole = await emoeditor(['models', '--verify']);
    expect(whole.code).toBe(0);
    expect(whole.out).toMatch(/^instruct-pix2pix .*checksums match$/m);
    const damaged = join(userModels, 'damaged');
    await cp(folder, damaged, { recursive: true });
    await appendFile(join(damaged, 'unet.weights'), 'x');
    const ended = await emoeditor(['models', '--verify']);
    await rm(damaged, { recursive: true });
    expect(ended.code).toBe(1);
    expect(ended.out).toMatch(/^damaged {2}unusable: .*unet\.weights/m);
    expect(ended.out).toMatch(/^instruct-pix2pix .*checksums match$/m);
    expect(ended.err).toContain('unet.weights');
  });

  it('is listed beside a bundle that cannot be read, with the reason', async () => {
    const nonsense = join(userModels, 'nonsense');
    await mkdir(nonsense);
    await writeFile(join(nonsense, 'bundle.json'), '{');
    const { code, out } = await emoeditor(['models']);
    await rm(nonsense, { recursive: true });
    expect(code).toBe(1);
    expect(out).toMatch(/^nonsense {2}unusable: ./m);
    expect(out).toMatch(/^instruct-pix2pix {2}/m);
  });
});

describe('a tiny decoder that was pulled', () => {
  it('comes along with a model, neither of which has a config, as the last line of the pull says', async () => {
    await emoeditor([...pull, ...here(), '--accept-licence']);
    const { out } = await emoeditor(['models', 'pull', 'taesd', ...here(), '--accept-licence']);
    const [, hint = ''] = /^Take it along with a model: emoeditor (.*)$/m.exec(out) ?? [];
    const places: Record<string, string> = { '<model>': pulled, '<bundle>': at('with-tiny') };
    const words = wordsOf(hint).map((word) => places[word] ?? word);
    expect(words.slice(0, 5)).toEqual([
      'import',
      pulled,
      '--out',
      at('with-tiny'),
      '--tiny-decoder',
    ]);
    expect((await emoeditor(words)).code).toBe(0);
    expect(hasPart(await readBundle(at('with-tiny')), 'tinyDecoder')).toBe(true);
  });
});
