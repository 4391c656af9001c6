import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { productSources } from './sources.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const exists = (path: string) => existsSync(join(ROOT, path));

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'shared/SPEC.md',
  'training/README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.md') && !path.includes('node_modules')),
];

/** What stands in backticks, code blocks aside. */
const quotedIn = (text: string) =>
  [...text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/`([^`\n]+)`/g)].map(
    ([, word]) => word as string,
  );

/** Folders of the repository that the documents name places in; built and trained files are not there in a clone. */
const PATH = /^(shared|plugin|companion-server|studio|fake-photoshop|test|docs|bench)\/[\w./-]+$/;
const IS_BUILT = /\/(dist|runs)\b/;

/** What is missing of what `pathsOf` finds in each document, with the document's name. */
const missing = (pathsOf: (text: string, document: string) => string[]) =>
  DOCUMENTS.flatMap((document) =>
    pathsOf(read(document), document)
      .filter((path) => !exists(path))
      .map((path) => `${document}: ${path}`),
  );

describe('the documents', () => {
  it('link to files that exist', () => {
    const linked = (text: string, document: string) =>
      [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g)]
        .map(([, link]) => link as string)
        .filter((link) => !/^[a-z]+:/.test(link))
        .map((link) => join(dirname(document), link));
    expect(linked(read('README.md'), 'README.md').length).toBeGreaterThan(3);
    expect(missing(linked)).toEqual([]);
  });

  it('name paths of the repository that exist', () => {
    const named = (text: string) =>
      quotedIn(text).filter((word) => PATH.test(word) && !IS_BUILT.test(word));
    expect(named(read('CONTRIBUTING.md')).length).toBeGreaterThan(5);
    expect(missing(named)).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const words = quotedIn(read('docs/architecture.md'));
  const sources = productSources();

  it('names rooms and files of the server that exist', () => {
    const rooms = words.filter((word) => word.startsWith('…/')).map((word) => word.slice(2));
    expect(rooms.length).toBeGreaterThan(8);
    expect(rooms.filter((room) => !exists(`companion-server/src/${room}`))).toEqual([]);
    const files = words.filter((word) => /^\w+\.tsx?$/.test(word));
    expect(files.length).toBeGreaterThan(5);
    const found = (file: string) => sources.some(({ path }) => path.endsWith(`/${file}`));
    expect(files.filter((file) => !found(file))).toEqual([]);
  });

  it('names functions and ports that are declared', () => {
    const isFolder = (word: string) => sources.some(({ path }) => path.includes(`/${word}/`));
    const names = words.filter((word) => /^[a-z]+[A-Z]\w*$/.test(word) && !isFolder(word));
    expect(names).toContain('decodeFrame');
    const isDeclared = (name: string) =>
      sources.some(({ text }) =>
        new RegExp(`\\b(function|const|readonly) ${name}\\b|\\b${name}\\??:`).test(text),
      );
    expect(names.filter((name) => !isDeclared(name))).toEqual([]);
  });
});
