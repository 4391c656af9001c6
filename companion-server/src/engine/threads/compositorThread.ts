import { Worker } from 'node:worker_threads';
import { ProtocolError } from '@emoeditor/shared';
import type { WorkingEdit } from '../../compositor/compositor.ts';
import type { FitSettings } from '../../compositor/fit/fitEdit.ts';
import { emptyLike } from '../../compositor/tile/samples.ts';
import { programUrl } from '../../programs.ts';
import type { Engine } from '../engine.ts';
import type { LayerFit, PlannedScene } from '../layerFit.ts';
import type {
  CompositorCall,
  CompositorCalls,
  FromCompositor,
  ToCompositor,
} from './compositorMessages.ts';
import { createFitLedger } from './fitLedger.ts';

/** The part of the engine that needs no model. */
export interface Compositing extends Pick<Engine, 'composite' | 'close'> {
  fit(
    edit: WorkingEdit,
    settings: Required<FitSettings>,
    scene: PlannedScene | null,
  ): Promise<LayerFit>;
}

export interface CompositorThread extends Compositing {
  /** Starts the thread before there is something to do. */
  start(): void;
}

interface Pending {
  resolve(gives: never): void;
  reject(error: ProtocolError): void;
}

/**
 * Fits and composites in a thread of this process: WebAssembly cannot crash the process as a model's native code can,
 * tiles pass between threads at the speed of memory, and no tile waits for a running edit.
 * The thread starts with the first call; should it ever end, the calls under way fail and the next starts another.
 */
export function createCompositorThread(): CompositorThread {
  let running: Running | null = null;
  const current = () => {
    running = running === null || running.hasEnded ? start() : running;
    return running;
  };
  return {
    start: () => void current(),
    fit: (edit, settings, scene) => current().call('fit', { edit, settings, scene }),
    composite: (fit, { format, data }, place, settings) => {
      const { call, fits, send } = current();
      const { id, isNew, dropped } = fits.use(fit);
      if (dropped !== null) send({ type: 'dropFit', fitId: dropped });
      // Copy, then transfer the copy: transferring a view would transfer its whole underlying buffer.
      const pixels = emptyLike(data);
      pixels.set(data);
      const takes = { fitId: id, fit: isNew ? fit : null, place, settings };
      return call('composite', { ...takes, tile: { format, data: pixels } }, [
        pixels.buffer as ArrayBuffer,
      ]);
    },
    async close() {
      await running?.worker.terminate();
    },
  };
}

type Running = ReturnType<typeof start>;

function start() {
  const worker = new Worker(programUrl('compositorWorker'), { execArgv: [] });
  // An idle thread must not keep the process alive; a running call does.
  worker.unref();
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let ended: ProtocolError | null = null;
  const end = (why: string) => {
    ended ??= crashed(why);
    for (const { reject } of pending.values()) reject(ended);
    pending.clear();
  };
  worker.on('error', (error) => end(error.message));
  worker.on('exit', () => end('it was ended'));
  worker.on('message', (message: FromCompositor) => {
    const call = pending.get(message.id);
    pending.delete(message.id);
    if (pending.size === 0) worker.unref();
    if (message.type === 'done') call?.resolve(message.gives as never);
    else call?.reject(new ProtocolError(message.error));
  });
  const send = (message: ToCompositor, moved: readonly ArrayBuffer[] = []) =>
    worker.postMessage(message, moved);
  return {
    worker,
    send,
    fits: createFitLedger(),
    get hasEnded() {
      return ended !== null;
    },
    call<Name extends CompositorCall>(
      name: Name,
      takes: CompositorCalls[Name]['takes'],
      moved: readonly ArrayBuffer[] = [],
    ): Promise<CompositorCalls[Name]['gives']> {
      if (ended !== null) return Promise.reject(ended);
      lastId += 1;
      const id = lastId;
      worker.ref();
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject });
        send({ type: 'call', id, name, takes } as ToCompositor, moved);
      });
    },
  };
}

function crashed(why: string): ProtocolError {
  return new ProtocolError({
    code: 'ENGINE_CRASHED',
    message: `The thread that composites ended unexpectedly (${why}).`,
    hint: 'Apply the edit again; a new thread is started by itself.',
    retryable: true,
  });
}
