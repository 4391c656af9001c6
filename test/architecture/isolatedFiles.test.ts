import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ISOLATED_FILES } from '../isolatedFiles.ts';

const TESTS = new URL('../', import.meta.url);

/** What changes modules, or the environment that they read, for whoever shares them. */
const CHANGES_MODULES = /\bvi\.(hoisted|mock|doMock|resetModules|stubEnv|stubGlobal)\(/;

it('tests that change modules or the environment have a process of their own', () => {
  const found = readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .map((name) => `test/${name.replaceAll('\\', '/')}`)
    // Of `full`, every file has one.
    .filter((path) => /\.test\.tsx?$/.test(path) && !path.startsWith('test/full/'))
    .filter((path) => path !== 'test/architecture/isolatedFiles.test.ts')
    .filter((path) =>
      CHANGES_MODULES.test(readFileSync(fileURLToPath(new URL(`../${path}`, TESTS)), 'utf8')),
    );
  expect(found.toSorted()).toEqual(ISOLATED_FILES.toSorted());
});
