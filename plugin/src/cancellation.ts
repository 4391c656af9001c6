import type { AbortSignalLike } from '@emoeditor/shared';

/**
 * Says when work is no longer wanted. The web's AbortSignal cannot be used: UXP's "works only for web streams" and has
 * no listeners (html-dom/abort-signal.md), and older hosts have none at all.
 */
export type CancelSignal = AbortSignalLike;

/** The web's AbortController as far as it is needed here. */
export class CancelController {
  readonly signal: CancelSignal;
  readonly #listeners = new Set<() => void>();
  #isAborted = false;

  constructor() {
    const isAborted = () => this.#isAborted;
    const listeners = this.#listeners;
    this.signal = {
      get aborted() {
        return isAborted();
      },
      get reason() {
        return isAborted() ? new Error('This was cancelled.') : undefined;
      },
      addEventListener: (_type, listener) => void listeners.add(listener),
      removeEventListener: (_type, listener) => void listeners.delete(listener),
    };
  }

  /** Tells every listener, once. */
  abort(): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    const listeners = Array.from(this.#listeners);
    this.#listeners.clear();
    for (const listener of listeners) listener();
  }
}
