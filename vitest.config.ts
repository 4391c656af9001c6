import { defineConfig } from 'vitest/config';
import { ISOLATED_FILES } from './test/isolatedFiles.ts';
import { PROGRAMS_FOLDER } from './test/programsFolder.ts';

/**
 * Folders of `test` by project. `full` holds what takes long and changes seldom: `npm run test:full` runs it, `npm test`
 * does not. What is in one project shares its modules, which take seconds to load, so that there are few.
 */
const FOLDERS = {
  quick: ['unit', 'contract', 'golden', 'integration'],
  architecture: ['architecture'],
  full: ['full'],
};

/**
 * Files of `full` have a process each. The others share one set of modules a worker, which takes half the time; except
 * those of ISOLATED_FILES.
 */
const projects = [
  ...Object.entries(FOLDERS).map(([name, folders]) => ({
    name,
    include: folders.map((folder) => `test/${folder}/**/*.test.{ts,tsx}`),
    exclude: [...ISOLATED_FILES],
    isolate: name === 'full',
    ...(name === 'full' && { testTimeout: 240_000 }),
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
    // Tests of servers and panels wait half of their time: one more than the cores of a small machine.
    maxWorkers: 3,
    reporters: ['default', './test/closingLineReporter.ts'],
    setupFiles: ['./test/equalNumbers.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A busy machine is slow, not wrong: vitest's own second is too short for a browser.
    expect: { poll: { timeout: 45_000, interval: 50 } },
    projects: projects.map((test) => ({ extends: true, test })),
  },
});
