import type { CancelSignal } from '../cancellation.ts';
import type { Clock } from '../clock.ts';
import { cancelled, PluginError } from '../errors.ts';

/** Questions on their way: each is answered, refused, lost with the connection or given up, exactly once. */
export interface PendingAnswers<Answer> {
  /** @throws what `reject` was given, PluginError TIMEOUT, CANCELLED */
  ask(id: string, signal: CancelSignal, send: () => Promise<void> | void): Promise<Answer>;
  /** False when nobody waits for it. */
  answer(id: string, answer: Answer): boolean;
  reject(id: string, error: Error): boolean;
  rejectAll(error: Error): void;
}

interface Waiting<Answer> {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

export function pendingAnswers<Answer>(
  clock: Clock,
  timeoutMs: number,
  what: string,
): PendingAnswers<Answer> {
  const waiting = new Map<string, Waiting<Answer>>();

  return {
    ask(id, signal, send) {
      return new Promise<Answer>((resolve, reject) => {
        const settle = () => {
          stopTimer();
          signal.removeEventListener('abort', onAbort);
          waiting.delete(id);
        };
        const entry: Waiting<Answer> = {
          resolve(answer) {
            settle();
            resolve(answer);
          },
          reject(error) {
            settle();
            reject(error);
          },
        };
        const onAbort = () => entry.reject(cancelled());
        const stopTimer = clock.after(timeoutMs, () => entry.reject(tooSlow(what, timeoutMs)));
        waiting.set(id, entry);
        signal.addEventListener('abort', onAbort);
        if (signal.aborted) return onAbort();
        void Promise.resolve()
          .then(send)
          .catch((error: unknown) => entry.reject(error));
      });
    },
    answer(id, answer) {
      const entry = waiting.get(id);
      entry?.resolve(answer);
      return entry !== undefined;
    },
    reject(id, error) {
      const entry = waiting.get(id);
      entry?.reject(error);
      return entry !== undefined;
    },
    rejectAll(error) {
      for (const entry of [...waiting.values()]) entry.reject(error);
    },
  };
}

function tooSlow(what: string, timeoutMs: number): PluginError {
  return new PluginError('TIMEOUT', {
    message: `The companion server gave no answer to ${what} within ${timeoutMs / 1000} seconds.`,
    hint: 'Look at its window for a message, or start it again, then try again.',
  });
}
