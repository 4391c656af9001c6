import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Bundle } from '../../models/bundle.ts';
import { ImportError } from '../importError.ts';
import type { WeightSums } from '../weights/weightsFile.ts';
import { JOURNAL, NEW_JOURNAL, readJournal, startJournal } from './importJournal.ts';

type BundleFile = Bundle['files'][number];

/** Folder of an unfinished import, with a journal of the weights written. */
export interface PartialBundle {
  path(name: string): string;
  /** Checksums of a weights file: those of an earlier run, and those to be recorded by this one. */
  sums(name: string): WeightSums;
  /** A weights file that an interrupted run completed, if it is unchanged since. */
  finished(name: string, bytes: number): Promise<BundleFile | null>;
  /** Size and checksum of a completed file. */
  finish(name: string): Promise<BundleFile>;
  /** The folder becomes the bundle. */
  rename(target: string): Promise<void>;
  /** Removes the folder. */
  discard(): Promise<void>;
}

/**
 * Opens the folder of an interrupted import, or makes a new one.
 * @param key identifies the import's inputs and options; files of an import with another key are removed
 * @throws ImportError OUTPUT_EXISTS
 */
export async function openPartialBundle(folder: string, key: string): Promise<PartialBundle> {
  const before = await expectOwnFolder(folder);
  await mkdir(folder, { recursive: true });
  const journal = await startJournal(folder, key, before?.key === key ? before.sums : new Map());
  await sweep(folder, new Set([...journal.files(), JOURNAL]));
  const path = (name: string) => join(folder, name);
  const digestOf = createDigest();
  /** Files whose checksums this run has computed itself. */
  const own = new Set<string>();
  return {
    path,
    sums: (name) => ({
      noted: journal.sumsOf(name),
      async keep(count) {
        await journal.keep(name, count);
        own.add(name);
      },
      note: (sha256) => journal.note(name, sha256),
    }),
    async finished(name, bytes) {
      const there = await stat(path(name)).catch(() => null);
      const last = journal.sumsOf(name).at(-1);
      if (last === undefined || there?.size !== bytes) return null;
      const found = await digestOf(path(name));
      return found.sha256 === last ? { name, ...found } : null;
    },
    async finish(name) {
      const sha256 = own.has(name) ? journal.sumsOf(name).at(-1) : undefined;
      if (sha256 === undefined) return { name, ...(await digestOf(path(name))) };
      return { name, bytes: (await stat(path(name))).size, sha256 };
    },
    async rename(target) {
      await rename(folder, target);
      // Last: without its journal the folder would no longer be recognised as an import's.
      await rm(join(target, JOURNAL), { force: true });
    },
    discard: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * The journal of the folder of an interrupted import; null when nothing is there.
 * @throws ImportError OUTPUT_EXISTS for a folder that no import has left
 */
export async function expectOwnFolder(folder: string): ReturnType<typeof readJournal> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error.code === 'ENOTDIR' ? foreign(folder, 'it is a file', error) : error;
  });
  if (names.every((name) => name === NEW_JOURNAL)) return null;
  const journal = await readJournal(folder);
  if (journal === null) throw foreign(folder, `it has no ${JOURNAL} of an import`);
  return journal;
}

const foreign = (folder: string, came: string, cause?: unknown) =>
  new ImportError(
    'OUTPUT_EXISTS',
    `Expected ${folder} to be free, or what an interrupted import has left, but ${came}.`,
    'Nothing in it was touched. Move or remove it, or choose another name for the bundle.',
    cause,
  );

/** Removes all but the weights to keep: the rest is quickly rewritten, and leftovers must not get into the bundle. */
async function sweep(folder: string, kept: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!kept.has(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Hashes files; hard links to one file are read once. */
function createDigest(): (path: string) => Promise<Pick<BundleFile, 'bytes' | 'sha256'>> {
  const known = new Map<string, string>();
  return async (path) => {
    const { dev, ino, size, mtimeMs } = await stat(path);
    const key = [dev, ino, size, mtimeMs].join();
    const sha256 = known.get(key) ?? (await sha256Of(path));
    known.set(key, sha256);
    return { bytes: size, sha256 };
  };
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), hash);
  return hash.digest('hex');
}
