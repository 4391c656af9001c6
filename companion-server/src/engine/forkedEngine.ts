import { type EmotionVector, type PixelBuffer, ProtocolError } from '@emoeditor/shared';
import type { EditFit } from '../compositor/fit/fitEdit.ts';
import { type Log, SILENT } from '../log.ts';
import { decodedBy } from '../pipeline/decodedBy.ts';
import type { Editor } from '../pipeline/edit.ts';
import type { EditSummary, Engine, EngineEvents, EngineInfo } from './engine.ts';
import { type EngineChild, type EngineChildOptions, startEngineChild } from './engineChild.ts';
import type { EngineCall, EngineCalls } from './engineMessages.ts';
import { createCompositorThreads } from './threads/compositorThreads.ts';

export interface ForkedEngineOptions extends EngineChildOptions {
  /** How long a cancelled call may go on before the process is killed. */
  readonly cancelGraceMs: number;
  readonly log?: Log;
  /** Called when the process ended without being told to. */
  readonly onCrash?: () => void;
}

export interface ForkedEngine extends Engine {
  /** Process id of the engine that runs now, if one does. */
  readonly pid: number | undefined;
}

/** How long a process that was told to stop may take. */
const STOP_GRACE_MS = 3000;

/**
 * The engine: models in a process of their own, the compositor in threads of this one. When that process dies, the edit it was at fails with ENGINE_CRASHED, anything
 * that can be done again is done again, and a new process starts.
 */
export function createForkedEngine(options: ForkedEngineOptions): ForkedEngine {
  return new Forked(options);
}

/** One process and what it holds. */
interface Worker {
  readonly child: EngineChild;
  readonly startedAt: number;
  isReady: boolean;
}

/** A process that could not load its models answers for all who ask within this time: loading them is work. */
const RETRY_MS = 2000;

class Forked implements ForkedEngine {
  readonly #options: ForkedEngineOptions;
  readonly #log: Log;
  readonly #compositor = createCompositorThreads();
  #worker: Worker | null = null;
  #isClosed = false;
  #lastId = 0;

  constructor(options: ForkedEngineOptions) {
    this.#options = options;
    this.#log = options.log ?? SILENT;
  }

  get pid(): number | undefined {
    return this.#worker?.child.hasEnded === false ? this.#worker.child.pid : undefined;
  }

  async ready(): Promise<EngineInfo> {
    return this.#current().child.info;
  }

  edit(...[request, proxy, events, signal]: Parameters<Engine['edit']>): Promise<EditSummary> {
    const takes = () => ({ request, proxy });
    return this.#call('edit', takes, { signal, events, isRepeatable: false });
  }

  predict(...[picture, signal]: Parameters<Engine['predict']>): Promise<EmotionVector> {
    return this.#call('predict', () => ({ picture }), { signal });
  }

  async fit(...[edit, profile]: Parameters<Engine['fit']>): Promise<EditFit> {
    if (this.#isClosed) throw shuttingDown();
    const decodedEdit = await decodedBy(this, edit.decodedEdit, edit.extent);
    return this.#compositor.fit({ ...edit, decodedEdit }, profile);
  }

  decode(...[undecoded, extent]: Parameters<Editor['decode']>): Promise<Float32Array> {
    return this.#call('decode', () => ({ undecoded, extent }));
  }

  async composite(...takes: Parameters<Engine['composite']>): Promise<PixelBuffer> {
    if (this.#isClosed) throw shuttingDown();
    return this.#compositor.composite(...takes);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#compositor.close();
    const child = this.#worker?.child;
    if (child === undefined || child.hasEnded) return;
    child.stop();
    const timer = setTimeout(child.kill, STOP_GRACE_MS);
    await child.ended;
    clearTimeout(timer);
  }

  #current(): Worker {
    if (this.#isClosed) throw shuttingDown();
    const last = this.#worker;
    if (last !== null) {
      const isFresh = !last.isReady && Date.now() - last.startedAt < RETRY_MS;
      if (!last.child.hasEnded || isFresh) return last;
    }
    this.#worker = this.#start();
    return this.#worker;
  }

  #start(): Worker {
    const child = startEngineChild(this.#options);
    const worker = { child, startedAt: Date.now(), isReady: false };
    child.info.then(
      ({ bundle, provider }) => {
        worker.isReady = true;
        const facts = { bundle: bundle.id, provider: provider.name, pid: child.pid };
        this.#log.info(facts, 'engine ready');
      },
      (error: Error) => this.#log.error({ reason: error.message }, 'engine cannot run'),
    );
    void child.ended.then(() => {
      // One that could not even load would fail again; the next that asks tries again.
      if (this.#isClosed || !worker.isReady) return;
      this.#log.error({ pid: child.pid }, 'engine ended unexpectedly, starting another');
      this.#options.onCrash?.();
      this.#current();
    });
    return worker;
  }

  /** Runs a call, and once more on another process when the first died under it and `isRepeatable`. */
  async #call<Name extends EngineCall>(
    name: Name,
    takes: () => EngineCalls[Name]['takes'],
    options: CallOptions = {},
  ): Promise<EngineCalls[Name]['gives']> {
    const { signal, events, isRepeatable = true } = options;
    const worker = this.#current();
    await unlessAborted(worker.child.info, signal);
    this.#lastId += 1;
    const id = this.#lastId;
    const disarm = armCancel(worker.child, id, this.#options.cancelGraceMs, signal);
    try {
      return await worker.child.call(id, name, takes(), events);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (!isRepeatable || !isCrash(error) || this.#isClosed) throw error;
      return await this.#call(name, takes, { ...options, isRepeatable: false });
    } finally {
      disarm();
    }
  }
}

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly events?: EngineEvents;
  readonly isRepeatable?: boolean;
}

/** Cancels the call when the signal says so, and kills a process that does not obey in time (CX2). */
function armCancel(
  worker: EngineChild,
  id: number,
  graceMs: number,
  signal: AbortSignal | undefined,
): () => void {
  if (signal === undefined) return () => {};
  let timer: NodeJS.Timeout | undefined;
  const cancel = () => {
    worker.cancel(id);
    timer = setTimeout(worker.kill, graceMs);
  };
  signal.addEventListener('abort', cancel, { once: true });
  return () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  };
}

/** Waits, but no longer than the signal allows. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function isCrash(error: unknown): boolean {
  return error instanceof ProtocolError && error.code === 'ENGINE_CRASHED';
}

function shuttingDown(): ProtocolError {
  return new ProtocolError({
    code: 'ENGINE_CRASHED',
    message: 'The companion server is shutting down.',
    hint: 'Start it again.',
    retryable: true,
  });
}
