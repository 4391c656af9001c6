import { mkdir, readdir, rmdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesText } from './bytesText.ts';
import type { CatalogueEntry, CatalogueFile } from './catalogue.ts';
import { DownloadError } from './downloadError.ts';
import { downloadFile } from './downloadFile.ts';
import { sha256Of } from './partialFile.ts';

type Progress = (bytes: number, total: number, file: string) => void;

export interface PullOptions {
  readonly signal: AbortSignal;
  /** Called with the bytes present, their approximate total and the file being downloaded. */
  readonly onProgress?: Progress;
  readonly patience?: number;
}

/**
 * Downloads every file of a model that is not there yet; a second run of a finished pull only compares checksums.
 * @throws DownloadError NO_ROOM before anything is fetched, and what `downloadFile` throws
 */
export async function pullModel(
  entry: CatalogueEntry,
  folder: string,
  { onProgress = () => {}, ...options }: PullOptions,
): Promise<void> {
  const made = await mkdir(folder, { recursive: true });
  try {
    await pullInto(entry, folder, { onProgress, ...options });
  } catch (error) {
    // What has arrived stays for the next run; a folder without anything in it does not.
    if (made !== undefined) await removeEmpty(folder);
    throw error;
  }
}

async function removeEmpty(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await removeEmpty(join(folder, entry.name));
  await rmdir(folder).catch(() => {});
}

async function pullInto(
  entry: CatalogueEntry,
  folder: string,
  { onProgress, ...options }: PullOptions & { readonly onProgress: Progress },
): Promise<void> {
  const missing: CatalogueFile[] = [];
  for (const file of entry.files) {
    const isThere = await has(join(folder, file.path), file.sha256, options.signal);
    if (!isThere) missing.push(file);
  }
  await expectRoom(folder, missing);
  const total = entry.files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = total - missing.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const file of missing) {
    await downloadFile(file, join(folder, file.path), {
      ...options,
      onProgress: (bytes) => onProgress(done + bytes, total, file.path),
    });
    done += file.bytes;
  }
}

const has = async (path: string, sha256: string, signal: AbortSignal): Promise<boolean> =>
  (await stat(path).catch(() => null)) !== null && (await sha256Of(path, signal)) === sha256;

async function expectRoom(folder: string, files: readonly CatalogueFile[]): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  let needed = 0;
  for (const { path, bytes } of files) {
    const arrived = await stat(`${join(folder, path)}.part`).catch(() => null);
    needed += Math.max(0, bytes - (arrived?.size ?? 0));
  }
  if (needed <= bavail * bsize) return;
  throw new DownloadError(
    'NO_ROOM',
    `Expected ${bytesText(needed)} of free disk for ${folder} but there are ${bytesText(bavail * bsize)}.`,
    'Free some, or choose another folder with --out.',
  );
}
