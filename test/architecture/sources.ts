import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ROOMS = [
  'shared/src',
  'companion-server/src',
  'plugin/src',
  'studio/src',
  'fake-photoshop/src',
  'test/fakes',
];

export interface Source {
  /** Path from the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** What it imports: package names as written, own files as paths from the root. */
  readonly imports: readonly string[];
}

const IMPORT = /(?:from\s+|import\s*\(?\s*|require\s*\(\s*)['"]([^'"]+)['"]/g;

function importsOf(path: string, text: string): string[] {
  return [...text.matchAll(IMPORT)].map(([, specifier = '']) =>
    specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier,
  );
}

/** Every TypeScript source of the product, read once. */
export function productSources(): Source[] {
  return sourcesOf(ROOMS);
}

/** Every TypeScript source in these folders of the repository. */
export function sourcesOf(rooms: readonly string[]): Source[] {
  return rooms
    .filter((room) => existsSync(join(ROOT, room)))
    .flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.m?tsx?$/.test(name))
        .map((name) => {
          const path = relative(ROOT, join(ROOT, room, name))
            .split(sep)
            .join('/');
          const text = readFileSync(join(ROOT, path), 'utf8');
          return { path, text, imports: importsOf(path, text) };
        }),
    );
}
