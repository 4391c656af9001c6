import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import type { PackageFiles } from './checkPackage.ts';

/** The same files make the same package, whenever they were built; zip knows no earlier year. */
const BUILT = new Date(1980, 0, 2);

export function readFiles(folder: string): PackageFiles {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  return new Map(
    files.map((path) => [
      relative(folder, path).split(sep).join('/'),
      new Uint8Array(readFileSync(path)),
    ]),
  );
}

/** A `.ccx`: a zip with the manifest at its root. */
export function makePackage(files: PackageFiles): Uint8Array {
  const entries: Zippable = {};
  for (const [path, bytes] of files) entries[path] = [bytes, { level: 9, mtime: BUILT }];
  return zipSync(entries);
}
