/**
 * `npm run test:full`: what `npm test` leaves out because it takes long: the slow tests of browsers,
 * graphics, imports and kernels, and the training's checks in Python (ruff and pytest), which are skipped, saying so,
 * where Python has not got its packages.
 * The last line sums up all of it: `N passed, N failed, N skipped`.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const TRAINING = fileURLToPath(new URL('../training/', import.meta.url));
const OWN_PYTHON = ['bin/python', 'Scripts/python.exe']
  .map((place) => `${TRAINING}.venv/${place}`)
  .find((path) => existsSync(path));
const PYTHON = OWN_PYTHON ?? (process.platform === 'win32' ? 'python' : 'python3');

/** Runs a program, shows what it prints, and gives its exit status and output. */
function run(command, args, { cwd = ROOT, isQuiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const hear = (stream, to) =>
      stream.on('data', (text) => {
        output += text;
        if (!isQuiet) to.write(text);
      });
    hear(child.stdout, process.stdout);
    hear(child.stderr, process.stderr);
    child.on('error', (error) => resolve({ status: -1, output: String(error) }));
    child.on('close', (status) => resolve({ status, output }));
  });
}

/** Counts of a runner's closing line, in vitest's words or pytest's. */
function countsOf(output) {
  const last = output.trim().split('\n').slice(-5).join('\n');
  const of = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(last)?.[1] ?? 0);
  return { passed: of('passed'), failed: of('failed') + of('errors?'), skipped: of('skipped') };
}

const total = { passed: 0, failed: 0, skipped: 0 };
function add(counts, status) {
  for (const key of Object.keys(total)) total[key] += counts[key];
  // A runner that fails without a failed test could not even start.
  if (status !== 0 && counts.failed === 0) total.failed += 1;
}

// A worker a core: these tests compute more than they wait.
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const slow = await run(process.execPath, [vitest, 'run', '--project', 'full', '--maxWorkers=2']);
add(countsOf(slow.output), slow.status);

const hasPackages =
  (await run(PYTHON, ['-c', 'import torch, pytest, ruff'], { isQuiet: true })).status === 0;
if (hasPackages) {
  const style = await run(PYTHON, ['-m', 'ruff', 'check', '.'], { cwd: TRAINING });
  add({ passed: style.status === 0 ? 1 : 0, failed: 0, skipped: 0 }, style.status);
  const tests = await run(PYTHON, ['-m', 'pytest', '-q', 'tests'], { cwd: TRAINING });
  add(countsOf(tests.output), tests.status);
} else {
  process.stdout.write(
    'The training was not tested: its packages are not installed (training/requirements.txt).\n',
  );
  total.skipped += 1;
}

process.stdout.write(
  `\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`,
);
process.exitCode = total.failed === 0 ? 0 : 1;
