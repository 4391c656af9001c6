import { defineConfig } from 'vitest/config';
import { ISOLATED_FILES } from './test/isolatedFiles.ts';
import { PROGRAMS_FOLDER } from './test/programsFolder.ts';

/**
 * One project per kind of test; `npx vitest run --project unit` runs one kind. `full` holds what takes long and changes
 * seldom: `npm run test:full` runs it, `npm test` does not.
 */
const kinds = ['unit', 'contract', 'integration', 'golden', 'architecture', 'full'] as const;

/** Kinds whose files have a process each: they start servers and engines, or what blocks or ends its process. */
const ISOLATED_KINDS: ReadonlySet<string> = new Set(['integration', 'full']);

/** The others share one set of modules a worker, which takes half the time; except those of ISOLATED_FILES. */
const projects = [
  ...kinds.map((kind) => ({
    name: kind as string,
    include: [`test/${kind}/**/*.test.{ts,tsx}`],
    exclude: [...ISOLATED_FILES],
    isolate: ISOLATED_KINDS.has(kind),
  })),
  { name: 'isolated', include: [...ISOLATED_FILES], isolate: true },
];

export default defineConfig({
  // Processes and threads start from the bundles that `globalSetup` makes.
  define: { BUNDLE_FOLDER: JSON.stringify(PROGRAMS_FOLDER.href) },
  test: {
    globalSetup: ['./test/bundlePrograms.ts'],
    // onnxruntime-node aborts the process when a worker thread ends during a run.
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', './test/closingLineReporter.ts'],
    setupFiles: ['./test/equalNumbers.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A busy machine is slow, not wrong: vitest's own second is too short for a browser.
    expect: { poll: { timeout: 45_000, interval: 50 } },
    projects: projects.map((test) => ({ extends: true, test })),
  },
});
