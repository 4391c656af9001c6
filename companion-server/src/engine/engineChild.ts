import { type ChildProcess, fork } from 'node:child_process';
import { ProtocolError } from '@emoeditor/shared';
import type { EditEvents, IterationPictures } from '../pipeline/edit.ts';
import { loaderFor, programPath } from '../programs.ts';
import type { EngineInfo } from './engine.ts';
import type {
  CallMessage,
  EngineCall,
  EngineCalls,
  FromEngine,
  ToEngine,
} from './engineMessages.ts';
import type { EngineSettings } from './engineModels.ts';

export interface EngineChildOptions {
  readonly settings: EngineSettings;
  /** URL of the module whose `loadModels` the process calls. */
  readonly modelsModule: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** One engine process, from start to exit. */
export interface EngineChild {
  readonly info: Promise<EngineInfo>;
  /** Resolves when the process has ended, however. */
  readonly ended: Promise<void>;
  readonly hasEnded: boolean;
  readonly pid: number | undefined;
  /** @throws ProtocolError; ENGINE_CRASHED when the process ends first; CallCancelled after `cancel` */
  call<Name extends EngineCall>(
    id: number,
    name: Name,
    takes: EngineCalls[Name]['takes'],
    events?: EditEvents,
  ): Promise<EngineCalls[Name]['gives']>;
  cancel(id: number): void;
  stop(): void;
  kill(): void;
}

/** Rejects a call that was cancelled. */
export class CallCancelled extends Error {
  override readonly name = 'CallCancelled';
}

interface Pending {
  resolve(gives: unknown): void;
  reject(error: unknown): void;
  readonly events: EditEvents | null;
  sources: Omit<IterationPictures, 'decodedEdit' | 'delivery'> | null;
}

export function startEngineChild(options: EngineChildOptions): EngineChild {
  const child = forkEngine(options);
  const pending = new Map<number, Pending>();
  const info = deferred<EngineInfo>();
  // Avoids an unhandled rejection when nobody awaits `info` yet; later callers still get the error.
  info.promise.catch(() => {});
  let hasEnded = false;
  /** What it said before it ended. */
  let broken: string | null = null;

  child.on('message', (message: FromEngine) => {
    if (message.type === 'ready') info.resolve(message.info);
    else if (message.type === 'unavailable') info.reject(new ProtocolError(message.error));
    else if (message.type === 'broken') broken = message.reason;
    else hear(pending, message);
  });
  const ended = new Promise<void>((resolve) => {
    const end = (how: string) => {
      if (hasEnded) return;
      hasEnded = true;
      info.reject(crashed(how, 'while it loaded the models'));
      for (const { reject } of pending.values()) reject(crashed(how, 'in the middle of its work'));
      pending.clear();
      resolve();
    };
    child.once('exit', (code, signal) => end(broken ?? signal ?? `exit code ${code}`));
    child.once('error', (error) => end(error.message));
  });
  // Sending to a process that just died emits its own error; callers are rejected by `exit`.
  const send = (message: ToEngine) => {
    if (child.connected) child.send(message, () => {});
  };
  send({ type: 'start', settings: options.settings, modelsModule: options.modelsModule });

  return {
    info: info.promise,
    ended,
    get hasEnded() {
      return hasEnded;
    },
    pid: child.pid,
    call(id, name, takes, events) {
      if (hasEnded) return Promise.reject(crashed('it had ended', 'before its work began'));
      const { promise, resolve, reject } = deferred<never>();
      pending.set(id, {
        resolve: resolve as (gives: unknown) => void,
        reject,
        events: events ?? null,
        sources: null,
      });
      send({ type: 'call', id, name, takes } as CallMessage);
      return promise;
    },
    cancel: (id) => send({ type: 'cancel', id }),
    stop: () => send({ type: 'stop' }),
    kill: () => void child.kill('SIGKILL'),
  };
}

function forkEngine({ environment, modelsModule }: EngineChildOptions): ChildProcess {
  return fork(programPath('engineProcess'), [], {
    execArgv: loaderFor(programPath('engineProcess'), modelsModule),
    env: environment,
    serialization: 'advanced',
    // Standard output is for the commands' results; output of native libraries goes to standard error.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
}

function hear(
  pending: Map<number, Pending>,
  message: Exclude<FromEngine, { type: 'ready' | 'unavailable' | 'broken' }>,
): void {
  const call = pending.get(message.id);
  if (call === undefined) return;
  switch (message.type) {
    case 'progress':
      call.events?.progress(message.progress);
      break;
    case 'iteration': {
      const { report, delivered, decodedEdit, delivery } = message;
      call.sources = message.sources ?? call.sources;
      if (call.sources === null) throw new Error('Expected the sources with the first iteration.');
      call.events?.iteration(report, delivered, { ...call.sources, decodedEdit, delivery });
      break;
    }
    case 'done':
      pending.delete(message.id);
      call.resolve(message.gives);
      break;
    case 'failed':
      pending.delete(message.id);
      call.reject(message.error === null ? new CallCancelled() : new ProtocolError(message.error));
      break;
  }
}

function crashed(how: string, when: string): ProtocolError {
  return new ProtocolError({
    code: 'ENGINE_CRASHED',
    message: `The process that runs the models ended unexpectedly (${how}) ${when}.`,
    hint:
      how === 'SIGKILL' || how === 'SIGABRT'
        ? 'The machine may have run out of memory. Close other programs and run it again; a new process is started by itself.'
        : 'Run it again; a new process is started by itself.',
    retryable: true,
  });
}

function deferred<T>(): {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
} {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
