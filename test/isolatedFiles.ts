/**
 * Tests in which modules must be loaded anew, each file in a process of its own: they set the home folder, or another
 * variable of the environment, before a module reads it. In a process that has loaded the modules already, they would
 * work on the user's real folders.
 */
export const ISOLATED_FILES: readonly string[] = [
  'test/integration/commandLineDoctor.test.ts',
  'test/integration/commandLineJournal.test.ts',
  'test/integration/commandLinePair.test.ts',
];
