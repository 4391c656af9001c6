/**
 * Coverage-guided fuzzing of the readers of foreign files with jazzer.js, which npx fetches: its native part needs
 * glibc 2.38 (Ubuntu 24.04, Debian 13), macOS or Windows, so it is no dependency of the project.
 *
 *   npm run fuzz -- [seconds for each reader, 900] [checkpoint] [psd] [tiff] [bundle]
 *
 * Inputs that reach new code and those that fail are kept in the folder for temporary files, which the first line names.
 * A failing input that was mended goes to test/fuzz/found/<reader>, which test/unit/fuzzInputs.test.ts reads.
 */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { sourceUrls } from '../../companion-server/packaging/bundlePrograms.mts';
import { READERS, type Reader, SEEDS } from './seeds.ts';

const JAZZER = '@jazzer.js/core@4.0.0';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** From where packages such as sharp are found. */
const BUNDLES = join(ROOT, 'node_modules/.cache/emoeditor-fuzz');
const folder = join(tmpdir(), 'emoeditor-fuzz');
/** Beyond these an input is a finding: seconds for one, megabytes for the process. */
const SLOW = 20;
const MEMORY = 2048;
const MOST_BYTES = 64 * 1024;

const [, , ...words] = process.argv;
const seconds = Number(words.find((word) => /^\d+$/.test(word)) ?? 900);
const chosen = READERS.filter((reader) => words.includes(reader));
process.stdout.write(`Inputs are kept in ${folder}.\n`);
for (const reader of chosen.length > 0 ? chosen : READERS) {
  const status = await fuzzReader(reader);
  process.stdout.write(`${reader}: ${status === 0 ? 'nothing found' : `a finding (${status})`}\n`);
  if (status !== 0) process.exitCode = 1;
}

/** @returns exit code of the fuzzer, not 0 when it has found something */
async function fuzzReader(reader: Reader): Promise<number> {
  const corpus = join(folder, reader, 'corpus');
  const found = join(folder, reader, 'found');
  await Promise.all([corpus, found].map((path) => mkdir(path, { recursive: true })));
  for (const [index, seed] of (await SEEDS[reader]()).entries()) {
    await writeFile(join(corpus, `seed-${index}`), seed);
  }
  const target = await bundled(reader);
  const limits = [
    `-max_total_time=${seconds}`,
    `-rss_limit_mb=${MEMORY}`,
    `-max_len=${MOST_BYTES}`,
    `-artifact_prefix=${found}/`,
    '-print_final_stats=1',
  ];
  const names = [
    '--package',
    JAZZER,
    '--',
    'jazzer',
    target,
    corpus,
    '-i',
    reader,
    '--timeout',
    `${SLOW * 1000}`,
  ];
  // Our own code is one file; the packages beside it are not what is tested.
  const child = spawn('npx', ['--yes', ...names, '-e', 'nothing', '--', ...limits], {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** The reader with all of our code in one file of CommonJS, which the fuzzer counts the branches of. */
async function bundled(reader: Reader): Promise<string> {
  const outfile = join(BUNDLES, `${reader}.cjs`);
  await build({
    entryPoints: [join(ROOT, `test/fuzz/readers/${reader}.ts`)],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['sharp', 'lcms-wasm'],
    logLevel: 'warning',
    plugins: [sourceUrls(false)],
  });
  return outfile;
}
