import { AsyncLocalStorage } from 'node:async_hooks';
import type { ScopeTrace } from '@emoeditor/fake-photoshop';

/** Follows a modal scope through whatever it awaits, as Photoshop does; only Node can. */
export function scopeTrace(): ScopeTrace {
  const storage = new AsyncLocalStorage<true>();
  return {
    run: (work) => storage.run(true, work),
    isWithin: () => storage.getStore() === true,
  };
}
