/**
 * What an edit of full size takes in memory, in float32 on the CPU: the authors' three files with random weights, 4 GB,
 * written and imported here first. A first start, which optimises the graphs and fills the cache, and a second one,
 * each in a process of its own with the engine's settings. Only Linux tells resident memory. Ends with exit code 1 when
 * one takes more than the project promises.
 *
 *   npm run bench:memory -- [folder for 16 GB]
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readConfig } from '@emoeditor/companion-server/config.ts';
import { importBundle } from '@emoeditor/companion-server/importer/importBundle.ts';
import { writeAuthorsFiles } from '../import/checkpoints.mts';

/** What the project promises for the whole process. */
const MOST_MEGABYTES = 6 * 1024;

const run = promisify(execFile);
const folder = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'emoeditor-bench-memory-'));
try {
  await writeAuthorsFiles(join(folder, 'model'));
  const bundle = join(folder, 'bundle');
  await importBundle(join(folder, 'model'), bundle, { link: true });
  const child = ['--import', 'tsx', join(import.meta.dirname, 'oneEdit.mts')];
  const { engineEnvironment: env } = readConfig({ logLevel: 'silent' });
  for (const start of ['first start', 'second start']) {
    const { stdout } = await run(process.execPath, [...child, bundle, join(folder, 'cache')], {
      env,
    });
    const { peak, afterEdit, afterRelease, seconds } = JSON.parse(stdout);
    const isWithin = peak < MOST_MEGABYTES;
    const verdict = isWithin ? 'within' : 'BEYOND';
    if (!isWithin) process.exitCode = 1;
    console.log(
      `${start}: peak ${peak} MB (${verdict} ${MOST_MEGABYTES}), ${afterEdit} after the edit, ${afterRelease} after release; ${seconds.toFixed(0)} s`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
