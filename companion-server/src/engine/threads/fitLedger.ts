import type { EditFit } from '../../compositor/fit/fitEdit.ts';

/** Which fits the compositor's thread has, so that a fit crosses once and not with every tile. */
export interface FitLedger {
  /** `isNew`: the fit must go along. `dropped`: the thread should let this one go. */
  use(fit: EditFit): { id: number; isNew: boolean; dropped: number | null };
}

/** Fits kept there: some documents with a handful of iterations each; one takes a few megabytes with its kernel. */
const KEPT = 8;

export function createFitLedger(kept: number = KEPT): FitLedger {
  const ids = new Map<EditFit, number>();
  let lastId = 0;
  return {
    use(fit) {
      const known = ids.get(fit);
      // Set again to move it to the end: the first entry is the one not used for longest.
      ids.delete(fit);
      if (known === undefined) lastId += 1;
      const id = known ?? lastId;
      ids.set(fit, id);
      const oldest = ids.size > kept ? ids.entries().next().value : undefined;
      if (oldest !== undefined) ids.delete(oldest[0]);
      return { id, isNew: known === undefined, dropped: oldest?.[1] ?? null };
    },
  };
}
