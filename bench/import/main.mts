/**
 * Imports a checkpoint of full size: the authors' three files with random weights in float32, 4 GB, written here first.
 * Prints time and peak memory per precision, each in a process of its own, and removes everything again. Ends with exit
 * code 1 when one takes more memory than the importer promises.
 *
 *   npx tsx bench/import/main.mts [folder for 8 GB]
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeAuthorsFiles } from './checkpoints.mts';

const WAYS = ['float32', 'float16', 'float16,unet=int8', 'link'];
/** What the importer promises, whatever the size of the checkpoint. */
const MOST_MEGABYTES = 2048;

interface Measured {
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly bundleMegabytes: number;
}

const run = promisify(execFile);
const folder = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'emoeditor-bench-import-'));
try {
  const source = join(folder, 'model');
  await writeAuthorsFiles(source);
  const files = await readdir(source);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(source, file))).size));
  console.log(`checkpoint: ${(sizes.reduce((sum, size) => sum + size, 0) / 1e6).toFixed(0)} MB`);
  for (const precision of WAYS) {
    const target = join(folder, 'bundle');
    const child = ['--import', 'tsx', join(import.meta.dirname, 'oneImport.mts')];
    const { stdout } = await run(process.execPath, [...child, source, target, precision]);
    const measured: Measured = JSON.parse(stdout);
    await rm(target, { recursive: true });
    const { seconds, peakMegabytes, bundleMegabytes } = measured;
    const isWithin = peakMegabytes < MOST_MEGABYTES;
    const verdict = isWithin ? 'within' : 'BEYOND';
    if (!isWithin) process.exitCode = 1;
    console.log(
      `${precision}: ${seconds.toFixed(1)} s, peak ${peakMegabytes.toFixed(0)} MB (${verdict} ${MOST_MEGABYTES}), bundle ${bundleMegabytes.toFixed(0)} MB`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
