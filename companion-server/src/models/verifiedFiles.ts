import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';

/**
 * Remembers large files whose checksums were verified and that have not been modified since: reading gigabytes at every
 * start would take longer than loading them. `doctor` and `models verify` always read them.
 */
export interface VerifiedFiles {
  has(path: string, sha256: string): Promise<boolean>;
  /** Never fails, even if the record cannot be written. */
  add(path: string, sha256: string): Promise<void>;
}

const entrySchema = z.object({ bytes: z.number(), modified: z.number(), sha256: z.string() });
const ledgerSchema = z.record(z.string(), entrySchema);

/** Smaller files are read again: that takes less than a tenth of a second. */
const FROM_BYTES = 64 * 2 ** 20;

/** @param file where the ledger is kept */
export function createVerifiedFiles(file: string, fromBytes = FROM_BYTES): VerifiedFiles {
  const read = async () => {
    try {
      return ledgerSchema.parse(JSON.parse(await readFile(file, 'utf8')));
    } catch {
      return {};
    }
  };
  return {
    async has(path, sha256) {
      const known = (await read())[resolve(path)];
      const { size, mtimeMs } = await stat(path);
      return known?.sha256 === sha256 && known.bytes === size && known.modified === mtimeMs;
    },
    async add(path, sha256) {
      const { size, mtimeMs } = await stat(path);
      if (size < fromBytes) return;
      const ledger = await read();
      ledger[resolve(path)] = { bytes: size, modified: mtimeMs, sha256 };
      const partial = `${file}.${process.pid}`;
      await mkdir(dirname(file), { recursive: true })
        .then(() => writeFile(partial, JSON.stringify(ledger)))
        .then(() => rename(partial, file))
        .catch(() => {});
    },
  };
}
