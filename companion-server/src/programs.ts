import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What runs in a process or thread of its own, or is loaded by name there. */
export type Program = 'engineProcess' | 'compositorWorker' | 'bundleModels';

/** Set by packaging/bundleServer.mts; absent where the sources run as they are. */
declare const IS_BUNDLED: true | undefined;

const isBundled = typeof IS_BUNDLED !== 'undefined';

const SOURCES: Readonly<Record<Program, string>> = {
  engineProcess: './engine/engineProcess.ts',
  // A thread does not take the loader of TypeScript over from its process: it registers one itself.
  compositorWorker: '../bin/compositorWorker.mjs',
  bundleModels: './engine/bundleModels.ts',
};

/** Where a program lies: beside the bundle, or among the sources. */
export const programUrl = (program: Program): URL =>
  new URL(isBundled ? `../dist/${program}.js` : SOURCES[program], import.meta.url);

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
