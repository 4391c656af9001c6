import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import type { Bundle } from '../models/bundle.ts';

type BundleFile = Bundle['files'][number];

/** Folder of an import that is not finished yet, with a journal of the files that are. */
export interface PartialBundle {
  path(name: string): string;
  /** What a file of an interrupted run has in it, when it is still what was written then. */
  finished(name: string): Promise<BundleFile | null>;
  /** Takes a file that was written whole into the journal. */
  finish(name: string): Promise<BundleFile>;
  /** The folder becomes the bundle. */
  rename(target: string): Promise<void>;
}

const JOURNAL = 'journal.json';
const journalSchema = z.object({
  key: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
});

/**
 * Opens the folder of an interrupted import, or makes a new one.
 * @param key what the import is made from and how: the folder of another one is removed
 */
export async function openPartialBundle(folder: string, key: string): Promise<PartialBundle> {
  const journal = join(folder, JOURNAL);
  const path = (name: string) => join(folder, name);
  const before = await readJournal(journal);
  const isSame = before?.key === key;
  if (!isSame) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const digestOf = createDigest();
  const files = new Map((isSame ? before.files : []).map((file) => [file.name, file]));
  return {
    path,
    async finished(name) {
      const known = files.get(name);
      const there = await stat(path(name)).catch(() => null);
      if (known === undefined || there?.size !== known.bytes) return null;
      const { sha256 } = await digestOf(path(name));
      return sha256 === known.sha256 ? known : null;
    },
    async finish(name) {
      const file = { name, ...(await digestOf(path(name))) };
      files.set(name, file);
      await writeFile(`${journal}.new`, JSON.stringify({ key, files: [...files.values()] }));
      await rename(`${journal}.new`, journal);
      return file;
    },
    async rename(target) {
      await rm(journal);
      await rename(folder, target);
    },
  };
}

async function readJournal(path: string): Promise<z.infer<typeof journalSchema> | null> {
  try {
    return journalSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

/** Several names of one file are read once. */
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
