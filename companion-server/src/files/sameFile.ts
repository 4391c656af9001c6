import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

/** What a path leads to, links followed: two paths with the same identity are one file. Null when nothing is there. */
export async function identityOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found === null ? null : `${found.dev}:${found.ino}`;
}

/** True when writing one would write the other: one path, a symbolic or a hard link, or one name that is not there yet. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  if (resolve(one) === resolve(other)) return true;
  const [first, second] = await Promise.all([identityOf(one), identityOf(other)]);
  if (first !== null || second !== null) return first === second;
  const folders = await Promise.all([one, other].map((path) => identityOf(dirname(resolve(path)))));
  return folders[0] !== null && folders[0] === folders[1] && nameOf(one) === nameOf(other);
}

/** Drives of macOS and Windows take names that differ in case or in how an accent is written for one. */
const nameOf = (path: string) => basename(path).normalize('NFC').toLowerCase();
