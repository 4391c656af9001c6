import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Another binary of nats-server than the one in the PATH. */
const BINARY = process.env['NATS_SERVER'] || 'nats-server';

export const HAS_NATS = spawnSync(BINARY, ['--version']).status === 0;
/** What a test that is skipped for it says. */
export const WITHOUT_NATS = HAS_NATS
  ? ''
  : ' (skipped: nats-server is not installed; on Debian: apt-get install nats-server)';

/** A private nats-server on loopback, with its files in a temporary folder. */
export interface NatsServer {
  readonly url: string;
  readonly port: number;
  /** What it has logged. */
  readonly log: string;
  /** Ends the process alone; `start` starts it again on the same port and files. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface NatsServerOptions {
  readonly port?: number;
  /** Text of the configuration, without the port; JetStream with 8 GB on disk when left out. */
  readonly config?: (folder: string) => string;
}

const withJetStream = (folder: string) =>
  `jetstream { store_dir: "${folder}/js", max_file_store: 8GB, max_memory_store: 64MB }`;
const READY_MS = 30_000;

/** Ends what a test that failed has left. */
const running = new Set<() => void>();
process.once('exit', () => {
  for (const kill of running) kill();
});

export async function startNats(options: NatsServerOptions = {}): Promise<NatsServer> {
  const port = options.port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'emoeditor-nats-'));
  const file = join(folder, 'nats.conf');
  const text = (options.config ?? withJetStream)(folder);
  writeFileSync(file, `listen: "127.0.0.1:${port}"\n${text}\n`);
  let child: ChildProcess | null = null;
  let log = '';
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await ended;
  };
  const start = async () => {
    log = '';
    const started = spawn(BINARY, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    child = started;
    started.stderr.on('data', (data) => {
      log = `${log}${data}`.slice(-20_000);
    });
    for (const until = performance.now() + READY_MS; !(await answers(port)); await pause(10)) {
      if (started.exitCode !== null || performance.now() > until) throw new Error(log);
    }
  };
  running.add(() => child?.kill('SIGKILL'));
  await start();
  return {
    ...{ port, url: `nats://127.0.0.1:${port}`, start, stop },
    get log() {
      return log;
    },
    async close() {
      await stop('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
      });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).once('error', () => resolve(false));
  });
}
