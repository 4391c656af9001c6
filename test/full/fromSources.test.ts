import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/*
 * Other tests start bundles (see test/bundlePrograms.ts); in a clone that was not built, and in `npm run dev`, processes
 * and threads start from the sources.
 */

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

it('an engine edits, fits and composites from its sources', async () => {
  const child = join(import.meta.dirname, 'fromSourcesChild.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', tsx, child]);
  expect(JSON.parse(stdout)).toEqual({ iterations: 2, bytes: 64 * 64 * 3, isChanged: true });
});
