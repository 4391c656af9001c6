import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  type FileHandle,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * A partial download: `<target>.part`, and a file with the version (ETag) of the server's file, so that a later start
 * continues where this one stopped and never joins two versions.
 */
export interface PartialFile {
  /** Bytes so far. */
  length(): Promise<number>;
  /** ETag of the version that the bytes belong to; null when the server gave none. */
  version(): Promise<string | null>;
  /** Opens for writing after `from` bytes; the rest is truncated. */
  continueAt(from: number, version: string | null): Promise<FileHandle>;
  /** Moves the file to `<target>` and returns null if its SHA-256 matches; otherwise returns the actual SHA-256. */
  finish(sha256: string, signal: AbortSignal): Promise<string | null>;
  discard(): Promise<void>;
}

export function createPartialFile(target: string): PartialFile {
  const part = `${target}.part`;
  const note = `${part}.version`;
  const discard = async () => {
    await rm(part, { force: true });
    await rm(note, { force: true });
  };
  return {
    length: () =>
      stat(part).then(
        ({ size }) => size,
        () => 0,
      ),
    version: () => readFile(note, 'utf8').catch(() => null),
    async continueAt(from, version) {
      await mkdir(dirname(part), { recursive: true });
      if (version === null) await rm(note, { force: true });
      else await writeFile(note, version);
      const file = await open(part, from === 0 ? 'w' : 'r+');
      await file.truncate(from);
      return file;
    },
    async finish(sha256, signal) {
      const found = await sha256Of(part, signal);
      if (found !== sha256) return found;
      await rename(part, target);
      await rm(note, { force: true });
      return null;
    },
    discard,
  };
}

/** SHA-256 of a file in hexadecimal. */
export async function sha256Of(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest('hex');
}
