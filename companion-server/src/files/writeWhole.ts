import { randomUUID } from 'node:crypto';
import { chmod, link, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cannotWrite, FileError } from './fileError.ts';
import { exists } from './onDisk.ts';

export interface WriteOptions {
  /** Takes the place of a file that is there; refused otherwise. */
  readonly overwrite: boolean;
  /** Permissions; those of the file that is replaced, or the system's own, when left out. */
  readonly mode?: number;
}

/**
 * Writes a file that is whole or not there, whenever the process or the machine ends: to a temporary file beside it,
 * which is synced and takes the name. A symbolic link stays one; what it leads to is replaced.
 * @throws FileError
 */
export async function writeWhole(
  path: string,
  bytes: Uint8Array | string,
  options: WriteOptions,
): Promise<void> {
  try {
    const place = options.overwrite ? await realpath(path).catch(() => path) : path;
    const mode = options.mode ?? (await modeOf(place));
    const partial = await writeBeside(place, bytes, mode);
    try {
      await (options.overwrite ? rename(partial, place) : takeFreeName(partial, place));
    } finally {
      await rm(partial, { force: true });
    }
    await syncFolder(dirname(place));
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

/** Name of a temporary file in the same folder: short, whatever the file is called. */
export const nameBeside = (path: string): string =>
  join(dirname(path), `.emoeditor-${randomUUID()}.part`);

async function writeBeside(
  path: string,
  bytes: Uint8Array | string,
  mode: number | undefined,
): Promise<string> {
  const partial = nameBeside(path);
  // Private from its first byte where that was asked for.
  const file = await open(partial, 'wx', mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(partial, { force: true });
    throw error;
  }
  await file.close();
  // The mode above went through the umask.
  if (mode !== undefined) await chmod(partial, mode);
  return partial;
}

/** File systems without hard links, such as exFAT. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'];

/** A rename would replace what has appeared meanwhile; a link does not. */
async function takeFreeName(partial: string, path: string): Promise<void> {
  try {
    await link(partial, path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || (NO_LINKS.includes(code) && (await exists(path)))) {
      throw new FileError(
        'EXISTS',
        `${path} exists: it was made while this one was.`,
        'Choose another name.',
        error,
      );
    }
    if (!NO_LINKS.includes(code)) throw error;
    await rename(partial, path);
  }
}

async function modeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => null);
  return found === null ? undefined : found.mode & 0o777;
}

/** So that the new name outlives a loss of power too; Windows opens no folders. */
async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, 'r').catch(() => null);
  await opened?.sync().catch(() => {});
  await opened?.close();
}
