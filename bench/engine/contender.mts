import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PYTHON } from './python.mts';

export type Size = readonly [height: number, width: number];

/** One way to run the model, in a process of its own that answers a line of JSON with a line of JSON. */
export interface Contender {
  readonly name: string;
  /** Seconds from the start of the process to its first answer: libraries, weights, warm-up. */
  readonly loadSeconds: number;
  readonly facts: Facts;
  /** Milliseconds of one evaluation at this size of latents, and some of the numbers that came out. */
  run(size: Size): Promise<Answer>;
  stop(): Promise<void>;
}

/** What a contender says of itself before its first evaluation. */
export interface Facts {
  /** The graphics card that it runs on. */
  readonly card?: string;
  /** How our graph is written for it, and what it computes in. */
  readonly profile?: string;
  readonly numbers?: string;
  /** What the product says of the provider. */
  readonly reason?: string;
}

export interface Answer {
  /** Null for a size that the contender cannot take. */
  readonly ms: number | null;
  /** Every 97th number of the output, for comparing with other contenders. */
  readonly probe: readonly number[];
  /** Resident memory of the process after the run, in MiB; null where the model is in another process. */
  readonly rss: number | null;
  /** Seconds that opening the model took, from contenders that can tell. */
  readonly opened?: number;
  /** Work of the evaluation, from contenders that can count it. */
  readonly gflop?: number;
}

/** Argument of every contender on its command line, as JSON. */
export interface Task {
  /** `unet.onnx` with `unet.weights` and `index.json` (where each tensor lies) beside it. */
  readonly folder: string;
  readonly model: string;
  readonly tokens: number;
  readonly inChannels: number;
  readonly tokenWidth: number;
  readonly threads: number;
}

const LAUNCH: Readonly<Record<string, (task: Task) => readonly string[]>> = {
  '.mts': () => [process.execPath, '--import', 'tsx'],
  '.py': () => [PYTHON, '-u'],
};

/** @param options passed to the contender after its task, e.g. `compile` */
export async function startContender(
  name: string,
  script: string,
  task: Task,
  ...options: readonly string[]
): Promise<Contender> {
  const started = performance.now();
  const path = fileURLToPath(new URL(script, import.meta.url));
  const [command = '', ...args] = LAUNCH[path.slice(path.lastIndexOf('.'))]?.(task) ?? [];
  const child = spawn(command, [...args, path, JSON.stringify(task), ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: String(task.threads) },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Record<string, unknown>> => {
    const line = await lines.next();
    if (line.done !== true) return JSON.parse(line.value);
    const code = child.exitCode ?? (await once(child, 'exit'))[0];
    throw new Error(`${name} stopped (exit code ${code}).`);
  };
  const facts: Facts = await answer();
  return {
    name,
    facts,
    loadSeconds: (performance.now() - started) / 1000,
    async run(size) {
      child.stdin.write(`${JSON.stringify(size)}\n`);
      return (await answer()) as unknown as Answer;
    },
    stop: () => stopped(child),
  };
}

const stopped = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.stdin?.end();
  });
