import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

/**
 * A folder for all tests of a file or a describe, or for each of them one of its own, which is removed afterwards. The
 * answer joins parts of a path onto it, once the tests run. To be called before the hooks that use the folder.
 */
export function temporaryFolder(
  tests: 'all' | 'each' = 'all',
): (...parts: readonly string[]) => string {
  const [before, after] = tests === 'all' ? [beforeAll, afterAll] : [beforeEach, afterEach];
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'emoeditor-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  return (...parts) => join(folder, ...parts);
}
