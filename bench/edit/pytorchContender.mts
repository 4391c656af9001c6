import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PYTHON } from '../engine/python.mts';
import type { Call } from './recordedCalls.mts';

/** The peer's process, which answers a line of JSON with a line of JSON. */
export interface PyTorch {
  /** Milliseconds by part, and of all together as `edit`. */
  run(calls: readonly Call[]): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

/** @throws Error when Python or one of its packages is missing */
export async function startPyTorch(threads: number): Promise<PyTorch> {
  const script = fileURLToPath(new URL('./pytorch.py', import.meta.url));
  const child = spawn(PYTHON, ['-u', script, String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: String(threads) },
  });
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${PYTHON} ended with exit code ${code}`)));
  });
  ended.catch(() => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const line = await lines.next();
    return line.done === true ? await ended : JSON.parse(line.value);
  };
  await answer();
  return {
    run(calls) {
      child.stdin.write(`${JSON.stringify(calls)}\n`);
      return answer();
    },
    async stop() {
      child.stdin.end();
      await ended.catch(() => {});
    },
  };
}
