import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundlePrograms, PROGRAMS } from '../companion-server/packaging/bundlePrograms.mts';
import { PROGRAMS_FOLDER } from './programsFolder.ts';

/**
 * Before the tests: bundles what they start in processes and threads of its own. One that starts from its sources takes a
 * second and a half of a processor, one that is bundled a fifth of one, and half a minute of tests is their start.
 */
export async function setup(): Promise<void> {
  // Each kind of test calls this; the first does it for all.
  if (existsSync(PROGRAMS_FOLDER)) return;
  await removeAbandoned();
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  await bundlePrograms(
    {
      ...PROGRAMS,
      scriptedEngineModels: here('./fakes/scriptedEngineModels.ts'),
      serverChild: here('./full/serverChild.ts'),
      clusterChild: here('./full/clusterChild.ts'),
    },
    { outdir: fileURLToPath(PROGRAMS_FOLDER), address: PROGRAMS_FOLDER.href, isMovable: false },
  );
}

export async function teardown(): Promise<void> {
  await rm(PROGRAMS_FOLDER, { recursive: true, force: true });
}

/** Removes the bundles of test runs that were killed. */
async function removeAbandoned(): Promise<void> {
  const cache = new URL('../', PROGRAMS_FOLDER);
  for (const name of await readdir(cache).catch(() => [])) {
    const pid = Number(/^emoeditor-programs-(\d+)$/.exec(name)?.[1] ?? 0);
    if (pid > 0 && !isRunning(pid))
      await rm(new URL(name, cache), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
