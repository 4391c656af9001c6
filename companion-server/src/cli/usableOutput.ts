import { constants } from 'node:fs';
import { access, lstat, open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import type { PixelFormat } from '@emoeditor/shared';
import { cannotWrite, FileError } from '../files/fileError.ts';
import { isFolder } from '../files/onDisk.ts';
import { isSameFile } from '../files/sameFile.ts';
import { nameBeside } from '../files/writeWhole.ts';
import { isLayered } from '../imaging/openDocument.ts';
import { pictureExtension } from '../imaging/writePicture.ts';
import { UsageError } from './usageError.ts';

/** The files of one edit. */
export interface EditFiles {
  readonly input: string;
  readonly output: string;
  /** Where the grade goes as a table, if it is wanted. */
  readonly cube: string | null;
  readonly overwrite: boolean;
}

/**
 * Refuses outputs that could not be written at the end, or that would replace the photograph or each other, before the
 * work begins.
 * @throws UsageError, FileError
 */
export async function usableOutputs({ input, output, cube, overwrite }: EditFiles): Promise<void> {
  await expectOther(output, input, 'is the input itself');
  if (!isLayered(output)) expectPictureName(output, ', .psd or .psb');
  await freePlace(output, overwrite);
  if (cube === null) return;
  await expectOther(cube, input, 'is the input itself');
  await expectOther(cube, output, 'is where the picture goes');
  await freePlace(cube, overwrite);
}

/** @throws UsageError for a name whose ending is no format that we write */
export function expectPictureName(path: string, more = ''): void {
  if (pictureExtension(path) !== null) return;
  throw new UsageError(
    `${path} has no ending that says how to save it.`,
    `Use .png, .jpg, .tif, .webp, .avif${more}.`,
  );
}

/**
 * Refuses a file to write that is another one, by whatever name or link.
 * @throws UsageError
 */
export async function expectOther(path: string, other: string, what: string): Promise<void> {
  if (!(await isSameFile(path, other))) return;
  throw new UsageError(
    `${path} ${what}${resolve(path) === resolve(other) ? '' : `, by another name: ${other}`}.`,
    'Give another file: the photograph is never overwritten.',
  );
}

/**
 * Refuses a file that cannot be written, or that exists and may not be replaced. Creates and removes a file in the same
 * folder, because that is the only reliable check.
 * @throws UsageError, FileError
 */
export async function freePlace(path: string, overwrite: boolean): Promise<void> {
  const folder = dirname(resolve(path));
  if (!(await isFolder(folder))) {
    throw new UsageError(
      `The folder ${folder} does not exist.`,
      'Make it first, or give another file.',
    );
  }
  if (await isThere(path)) await expectReplaceable(path, overwrite);
  try {
    const probe = nameBeside(resolve(path));
    await (await open(probe, 'wx')).close();
    await rm(probe);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw cannotWrite(path, cause);
  }
}

async function expectReplaceable(path: string, overwrite: boolean): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile()) {
    const what =
      found === null ? 'a link that leads nowhere' : found.isDirectory() ? 'a folder' : 'no file';
    throw new UsageError(`${path} is ${what}.`, 'Give the name of a file to write.');
  }
  if (!overwrite) {
    throw new UsageError(
      `${path} exists already.`,
      'Add --overwrite, or give another file to write.',
    );
  }
  // Writable folders allow replacing a write-protected file, but the protection must be respected.
  await access(path, constants.W_OK).catch((cause: unknown) => {
    throw cannotWrite(path, cause);
  });
}

/** The least share of its pixels' bytes that a photograph takes in a file; a flat area may take less. */
const LEAST: Readonly<Record<string, number>> = {
  '.png': 0.2,
  '.tif': 0.2,
  '.psd': 0.4,
  '.psb': 0.4,
};
const LEAST_OF_OTHERS = 0.02;
const SAMPLE_BYTES: Readonly<Record<PixelFormat['sample'], number>> = {
  uint8: 1,
  uint16: 2,
  float32: 4,
};

/**
 * Refuses a place whose disk is too full for the result for certain.
 * @param freeBytes of the disk of a folder
 * @throws FileError NO_ROOM
 */
export async function expectRoom(
  path: string,
  { width, height, channels, sample }: PixelFormat,
  freeBytes: (folder: string) => Promise<number> = freeOn,
): Promise<void> {
  const extension = pictureExtension(path) ?? extname(path).toLowerCase();
  const share = LEAST[extension] ?? LEAST_OF_OTHERS;
  const needed = width * height * channels * SAMPLE_BYTES[sample] * share;
  const free = await freeBytes(dirname(resolve(path)));
  if (free >= needed) return;
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  throw new FileError(
    'NO_ROOM',
    `${path} needs ${megabytes(needed)} or more but ${megabytes(free)} are free there.`,
    'Free some, or choose another place.',
  );
}

async function freeOn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
