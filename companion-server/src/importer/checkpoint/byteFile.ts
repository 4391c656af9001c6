import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ImportError } from '../importError.ts';

/** Bytes per read; the system's limit is just below 2 GiB. */
const READ_BYTES = 2 ** 28;

/** A file with random access. */
export interface ByteFile {
  readonly path: string;
  readonly size: number;
  /** @throws ImportError TRUNCATED when the file has fewer bytes than that */
  at(position: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** @throws ImportError MISSING_FILE */
export async function openByteFile(path: string): Promise<ByteFile> {
  // Opening a pipe waits for somebody who writes to it.
  const found = await stat(path).catch(() => null);
  if (found !== null && !found.isFile()) throw missing(path);
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw missing(path, cause);
  });
  const stats = await file.stat();
  if (!stats.isFile()) {
    await file.close();
    throw missing(path);
  }
  const { size } = stats;
  return {
    path,
    size,
    async at(position, length) {
      if (position + length > size) throw truncated(path, position + length, size);
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const most = Math.min(length - done, READ_BYTES);
        const { bytesRead } = await file.read(bytes, done, most, position + done);
        if (bytesRead === 0) throw truncated(path, position + length, position + done);
        done += bytesRead;
      }
      return bytes;
    },
    close: () => file.close(),
  };
}

const missing = (path: string, cause?: unknown) =>
  new ImportError(
    'MISSING_FILE',
    `${path} cannot be opened.`,
    'Check that the checkpoint is complete and that the path is a file.',
    cause,
  );

/** @param what is wrong with it, behind its name */
export const damaged = ({ path }: Pick<ByteFile, 'path'>, what: string) =>
  new ImportError(
    'NOT_A_CHECKPOINT',
    `${basename(path)} ${what}.`,
    'The file is damaged: copy or download it again.',
  );

/** @param expected bytes that the file should at least have */
export const truncated = (path: string, expected: number, size: number) =>
  new ImportError(
    'TRUNCATED',
    `${basename(path)} ends too early: expected at least ${expected} bytes but it has ${size}.`,
    'Copy or download it again.',
  );
