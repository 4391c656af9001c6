import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What runs in a process or thread of its own, or is loaded by name there. */
export type Program = 'engineProcess' | 'compositorWorker' | 'bundleModels';

/**
 * Folder of the bundled programs, from here or as a file URL; set by packaging/bundlePrograms.mts and by the tests, absent
 * where the sources run as they are.
 */
declare const BUNDLE_FOLDER: string | undefined;

const bundles = typeof BUNDLE_FOLDER === 'undefined' ? null : BUNDLE_FOLDER;

const SOURCES: Readonly<Record<Program, string>> = {
  engineProcess: './engine/engineProcess.ts',
  // A thread does not take the loader of TypeScript over from its process: it registers one itself.
  compositorWorker: '../bin/compositorWorker.mjs',
  bundleModels: './engine/bundleModels.ts',
};

/** Where a program lies: beside the bundle, or among the sources. */
export const programUrl = (program: Program): URL =>
  new URL(bundles === null ? SOURCES[program] : `${bundles}${program}.js`, import.meta.url);

/**
 * Arguments for Node that let a process import these modules: the loader of TypeScript where one of them is TypeScript,
 * and none otherwise, which starts in a fifth of the time.
 * @param modules file URLs
 */
export function loaderFor(...modules: readonly string[]): string[] {
  if (!modules.some((module) => module.endsWith('.ts'))) return [];
  // Resolved from here, not from the folder that the user happens to be in.
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
}

/** The same as a path, for `fork`. */
export const programPath = (program: Program): string => fileURLToPath(programUrl(program));
