#!/usr/bin/env node
// The bundle where it is there and no source is newer; otherwise the TypeScript sources as they are, so that a clone
// needs no build step for the command line.
import { readdirSync, statSync } from 'node:fs';

const BUNDLE = new URL('../dist/emoeditor.js', import.meta.url);
const SOURCES = ['../src/', '../../shared/src/', '../package.json', '../../package-lock.json'];

function isCurrent() {
  const made = statSync(BUNDLE, { throwIfNoEntry: false })?.mtimeMs;
  if (made === undefined) return false;
  return SOURCES.every((source) => newest(new URL(source, import.meta.url)) <= made);
}

/** When the newest file of a folder was changed; 0 where nothing is there. */
function newest(url) {
  const found = statSync(url, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return readdirSync(url, { withFileTypes: true }).reduce((latest, entry) => {
    const name = encodeURIComponent(entry.name) + (entry.isDirectory() ? '/' : '');
    return Math.max(latest, newest(new URL(name, url)));
  }, 0);
}

if (isCurrent()) {
  await import(BUNDLE.href);
} else {
  const { register } = await import('tsx/esm/api');
  register();
  await import('../src/cli/main.ts');
}
