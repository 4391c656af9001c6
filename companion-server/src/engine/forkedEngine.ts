import { setTimeout as pause } from 'node:timers/promises';
import type { EmotionVector, PixelBuffer } from '@emoeditor/shared';
import { type Log, SILENT } from '../log.ts';
import { decodedBy } from '../pipeline/decodedBy.ts';
import type { EditEvents, Editor } from '../pipeline/edit.ts';
import type { EditSummary, Engine, EngineInfo } from './engine.ts';
import {
  armCancel,
  isCrash,
  shuttingDown,
  startsAgain,
  unlessAborted,
  watchEvents,
  withoutRepeats,
} from './engineCalls.ts';
import { type EngineChild, type EngineChildOptions, startEngineChild } from './engineChild.ts';
import type { EngineCall, EngineCalls } from './engineMessages.ts';
import { type LayerFit, takesOfFit } from './layerFit.ts';
import { createProviderDeaths } from './providerDeaths.ts';
import { restartPauseMs, startsUnasked } from './restartPolicy.ts';
import { createCompositorThreads } from './threads/compositorThreads.ts';

export interface ForkedEngineOptions extends EngineChildOptions {
  /** How long a cancelled call may go on before the process is killed. */
  readonly cancelGraceMs: number;
  /** How long a running edit may send no event before its process counts as hung and is killed. */
  readonly stallMs?: number;
  /** How long a process may load its models before it is taken for hung and killed. */
  readonly loadMs?: number;
  readonly log?: Log;
  /** Called when the process ended without being told to. */
  readonly onCrash?: () => void;
}

export interface ForkedEngine extends Engine, Pick<Editor, 'decode'> {
  /** Process id of the engine that runs now, if one does. */
  readonly pid: number | undefined;
}

/** Time that a process asked to stop gets before it is killed. */
const STOP_GRACE_MS = 3000;

/** An edit without progress for this long is stuck: the slowest step, of a large model on an old machine, takes a tenth. */
const STALL_MS = 10 * 60_000;

/**
 * The engine: models in a process of their own, the compositor in threads of this one. When that process dies, a new one
 * starts and the running calls are repeated once; they fail with ENGINE_CRASHED if that process dies as well.
 */
export function createForkedEngine(options: ForkedEngineOptions): ForkedEngine {
  return new Forked(options);
}

/** Loading may convert and cache gigabytes, but not for this long. */
const LOAD_MS = 15 * 60_000;

/** One process and what is known of it. */
interface Worker {
  readonly child: EngineChild;
  /** By `performance.now()`: the time of day may jump. */
  readonly startedAt: number;
  /** It said why it has no models to run, which is no crash. */
  isUnavailable: boolean;
  /** We ended it, because it did not stop or did not move. */
  isKilled: boolean;
  /** Once it is loaded. */
  provider: string | null;
}

/** A failed load is reported to all calls within this time instead of being tried again, since loading is expensive. */
const RETRY_MS = 2000;

class Forked implements ForkedEngine {
  readonly #options: ForkedEngineOptions;
  readonly #log: Log;
  readonly #compositor = createCompositorThreads();
  readonly #closing = new AbortController();
  readonly #providers = createProviderDeaths();
  #worker: Worker | null = null;
  #starting: Promise<Worker> | null = null;
  /** Since the last call that was answered. */
  #deathsInARow = 0;
  #lastId = 0;

  constructor(options: ForkedEngineOptions) {
    this.#options = options;
    this.#log = options.log ?? SILENT;
  }

  get pid(): number | undefined {
    return this.#worker?.child.hasEnded === false ? this.#worker.child.pid : undefined;
  }

  async ready(): Promise<EngineInfo> {
    // A client that says hello does not wait for the longer pauses.
    if (this.#starting !== null && restartPauseMs(this.#deathsInARow) > 0) {
      throw startsAgain(this.#deathsInARow);
    }
    return (await this.#current()).child.info;
  }

  edit(...[request, proxy, events, signal]: Parameters<Engine['edit']>): Promise<EditSummary> {
    const takes = () => ({ request, proxy });
    return this.#call('edit', takes, { signal, events: withoutRepeats(events) });
  }

  predict(...[picture, signal]: Parameters<Engine['predict']>): Promise<EmotionVector> {
    return this.#call('predict', () => ({ picture }), { signal });
  }

  async fit(...[edit, profile]: Parameters<Engine['fit']>): Promise<LayerFit> {
    if (this.#closing.signal.aborted) throw shuttingDown();
    const decodedEdit = await decodedBy(this, edit.decodedEdit, edit.extent);
    return this.#compositor.fit(...takesOfFit({ ...edit, decodedEdit }, profile));
  }

  decode(...[undecoded, extent]: Parameters<Editor['decode']>): Promise<Float32Array> {
    return this.#call('decode', () => ({ undecoded, extent }));
  }

  async composite(...takes: Parameters<Engine['composite']>): Promise<PixelBuffer> {
    if (this.#closing.signal.aborted) throw shuttingDown();
    return this.#compositor.composite(...takes);
  }

  async close(): Promise<void> {
    this.#closing.abort(shuttingDown());
    await this.#compositor.close();
    const child = this.#worker?.child;
    if (child === undefined || child.hasEnded) return;
    child.stop();
    const timer = setTimeout(child.kill, STOP_GRACE_MS);
    await child.ended;
    clearTimeout(timer);
  }

  async #current(): Promise<Worker> {
    this.#closing.signal.throwIfAborted();
    const last = this.#worker;
    if (last !== null) {
      const isFresh = last.isUnavailable && performance.now() - last.startedAt < RETRY_MS;
      if (!last.child.hasEnded || isFresh) return last;
    }
    this.#starting ??= this.#start().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async #start(): Promise<Worker> {
    const { signal } = this.#closing;
    const milliseconds = restartPauseMs(this.#deathsInARow);
    // Waited for in any case: whoever closes now must not find a process that starts right after.
    await pause(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
    const { demoted } = this.#providers;
    const { settings, loadMs = LOAD_MS } = this.#options;
    const child = startEngineChild({ ...this.#options, settings: { ...settings, demoted } });
    const fresh = { isUnavailable: false, isKilled: false, provider: null };
    const worker: Worker = { child, startedAt: performance.now(), ...fresh };
    this.#worker = worker;
    const timer = setTimeout(child.kill, loadMs).unref();
    child.info.finally(() => clearTimeout(timer)).catch(() => {});
    child.info.then(
      ({ bundle, provider }) => {
        worker.provider = provider.name;
        const facts = { bundle: bundle.id, provider: provider.name, pid: child.pid };
        this.#log.info(facts, 'engine ready');
      },
      (error: Error) => {
        worker.isUnavailable = !isCrash(error);
        this.#log.error({ reason: error.message }, 'engine cannot run');
      },
    );
    void child.ended.then(() => this.#ended(worker));
    return worker;
  }

  #ended({ child, isUnavailable, isKilled, provider }: Worker): void {
    // Restarting would fail again without models; the next call tries again.
    if (this.#closing.signal.aborted || isUnavailable) return;
    if (!isKilled) {
      this.#deathsInARow += 1;
      if (provider !== null) this.#providers.died(provider);
      this.#options.onCrash?.();
    }
    const facts = { pid: child.pid, deathsInARow: this.#deathsInARow };
    this.#log.error(facts, isKilled ? 'engine was ended' : 'engine ended unexpectedly');
    if (startsUnasked(this.#deathsInARow)) this.#current().catch(() => {});
  }

  #stalled({ child }: Worker): void {
    this.#log.error({ pid: child.pid }, 'the edit stands still, its engine is ended');
    child.kill();
  }

  /** Runs a call; if the process dies meanwhile, runs it once more on a new process. */
  async #call<Name extends EngineCall>(
    name: Name,
    takes: () => EngineCalls[Name]['takes'],
    options: CallOptions = {},
  ): Promise<EngineCalls[Name]['gives']> {
    const { signal, isSecond = false } = options;
    try {
      return await this.#callOnce(name, takes, options);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (isSecond || !isCrash(error) || this.#closing.signal.aborted) throw error;
      return await this.#call(name, takes, { ...options, isSecond: true });
    }
  }

  async #callOnce<Name extends EngineCall>(
    name: Name,
    takes: () => EngineCalls[Name]['takes'],
    { signal, events }: CallOptions,
  ): Promise<EngineCalls[Name]['gives']> {
    const worker = await unlessAborted(this.#current(), signal);
    await unlessAborted(worker.child.info, signal);
    this.#lastId += 1;
    const id = this.#lastId;
    const kill = () => {
      worker.isKilled = true;
      worker.child.kill();
    };
    const { cancelGraceMs, stallMs = STALL_MS } = this.#options;
    const { cancel } = worker.child;
    const disarm = armCancel({ cancel, kill }, id, cancelGraceMs, signal);
    const watch = events && watchEvents(events, stallMs, () => this.#stalled(worker));
    try {
      const gives = await worker.child.call(id, name, takes(), watch?.events);
      this.#deathsInARow = 0;
      if (worker.provider !== null) this.#providers.answered(worker.provider);
      return gives;
    } finally {
      watch?.stop();
      disarm();
    }
  }
}

interface CallOptions {
  readonly signal?: AbortSignal;
  readonly events?: EditEvents;
  /** The first process died under it. */
  readonly isSecond?: boolean;
}
