import { ProtocolError } from '@emoeditor/shared';
import type { EditEvents } from '../pipeline/edit.ts';
import type { EngineChild } from './engineChild.ts';

/** Cancels the call when the signal says so, and kills a process that does not obey in time (CX2). */
export function armCancel(
  worker: Pick<EngineChild, 'cancel' | 'kill'>,
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

/** The events of an edit that may be run again: an iteration that was reported is not reported again (ER4). */
export function withoutRepeats(events: EditEvents): EditEvents {
  let reported = 0;
  return {
    progress: (progress) => events.progress(progress),
    iteration(report, decoded, edit) {
      if (report.index < reported) return;
      reported = report.index + 1;
      events.iteration(report, decoded, edit);
    },
  };
}

/** Calls `stalled` when an edit has sent no event for that long. */
export function watchEvents(
  events: EditEvents,
  milliseconds: number,
  stalled: () => void,
): { readonly events: EditEvents; stop(): void } {
  let timer = setTimeout(stalled, milliseconds);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(stalled, milliseconds);
  };
  return {
    events: {
      progress(progress) {
        heard();
        events.progress(progress);
      },
      iteration(report, decoded, edit) {
        heard();
        events.iteration(report, decoded, edit);
      },
    },
    stop: () => clearTimeout(timer),
  };
}

/** Waits, but no longer than the signal allows. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

export function isCrash(error: unknown): boolean {
  return error instanceof ProtocolError && error.code === 'ENGINE_CRASHED';
}

export function shuttingDown(): ProtocolError {
  return new ProtocolError({
    code: 'ENGINE_CRASHED',
    message: 'The companion server is shutting down.',
    hint: 'Start it again.',
    retryable: true,
  });
}

export function startsAgain(deaths: number): ProtocolError {
  return new ProtocolError({
    code: 'ENGINE_CRASHED',
    message: `The process that runs the models has ended unexpectedly ${deaths} times in a row.`,
    hint: 'It is started again by itself in less than a minute. Close other programs if memory is short, or choose a smaller bundle.',
    retryable: true,
  });
}
