import type { InferenceSession } from '../runtime/inferenceRuntime.ts';
import type { BundlePart } from './bundle.ts';
import { ModelError } from './modelError.ts';

export interface LazySessions {
  /** The part's session, loaded at the first call; a load that failed is tried again at the next. */
  readonly get: (part: BundlePart) => Promise<InferenceSession>;
  /** Releases the part's session, if there is one; the next `get` loads it again. */
  readonly close: (part: BundlePart) => Promise<void>;
  /** Releases every session, also one that is being loaded. */
  readonly release: () => Promise<void>;
}

export function createLazySessions(
  open: (part: BundlePart) => Promise<InferenceSession>,
): LazySessions {
  const sessions = new Map<BundlePart, Promise<InferenceSession>>();
  let isReleased = false;
  return {
    async get(part) {
      if (isReleased) throw released(part);
      const known = sessions.get(part);
      if (known !== undefined) return known;
      const loading = open(part);
      sessions.set(part, loading);
      loading.catch(() => sessions.delete(part));
      return loading;
    },
    async close(part) {
      const session = await sessions.get(part)?.catch(() => undefined);
      sessions.delete(part);
      await session?.release();
    },
    async release() {
      isReleased = true;
      const loaded = await Promise.allSettled(sessions.values());
      sessions.clear();
      for (const session of loaded) {
        if (session.status === 'fulfilled') await session.value.release();
      }
    },
  };
}

const released = (part: BundlePart) =>
  new ModelError(
    'MODEL_FAILED',
    `Expected the ${part} of a loaded bundle but it was released.`,
    'Load the bundle again.',
  );
