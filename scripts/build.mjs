/**
 * Builds what is older than its sources: panel, studio (which holds the panel), server. `npm start` calls it; `--all`
 * builds all of it, as `npm run build` does.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { newestChange } from '../companion-server/bin/newestChange.mjs';

const ROOT = new URL('../', import.meta.url);
const COMMON = ['shared/src/', 'package-lock.json'];

const PARTS = [
  {
    workspace: 'plugin',
    title: 'the panel',
    output: 'plugin/dist/index.js',
    sources: [
      'plugin/src/',
      'plugin/public/',
      'plugin/webpack.config.js',
      'manifest.json',
      ...COMMON,
    ],
  },
  {
    workspace: 'studio',
    title: 'the studio around it',
    output: 'studio/dist/studio.js',
    sources: [
      'studio/src/',
      'studio/public/',
      'studio/webpack.config.js',
      'fake-photoshop/src/',
      'plugin/dist/index.js',
      ...COMMON,
    ],
  },
  {
    workspace: 'companion-server',
    title: 'the server',
    output: 'companion-server/dist/emoeditor.js',
    sources: ['companion-server/src/', 'companion-server/package.json', ...COMMON],
  },
];

const isStale = ({ output, sources }) => {
  const made = newestChange(new URL(output, ROOT));
  return made === 0 || sources.some((source) => newestChange(new URL(source, ROOT)) > made);
};

/** @param {{ all?: boolean }} options `all` builds what is current, too */
export function build({ all = false } = {}) {
  for (const part of PARTS) {
    if (!all && !isStale(part)) continue;
    process.stdout.write(`Building ${part.title} …`);
    const begun = Date.now();
    // npm is a script of its own on Windows, which only a shell starts.
    const { status } = spawnSync('npm', ['run', 'build', '--silent', '-w', part.workspace], {
      cwd: fileURLToPath(ROOT),
      stdio: ['ignore', 'pipe', 'inherit'],
      shell: process.platform === 'win32',
    });
    if (status !== 0) {
      process.stdout.write('\n');
      throw new Error(`Building ${part.title} failed; what is wrong stands above.`);
    }
    process.stdout.write(` ${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    build({ all: process.argv.includes('--all') });
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
