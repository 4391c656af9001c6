#!/usr/bin/env node
// The bundle where it is there and no source is newer; otherwise the TypeScript sources as they are, so that a clone
// needs no build step for the command line.
import { newestChange } from './newestChange.mjs';

const BUNDLE = new URL('../dist/emoeditor.js', import.meta.url);
const SOURCES = ['../src/', '../../shared/src/', '../package.json', '../../package-lock.json'];

function isCurrent() {
  const made = newestChange(BUNDLE);
  return SOURCES.every((source) => newestChange(new URL(source, import.meta.url)) <= made);
}

if (isCurrent()) {
  await import(BUNDLE.href);
} else {
  const { register } = await import('tsx/esm/api');
  register();
  await import('../src/cli/main.ts');
}
