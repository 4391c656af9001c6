import type { LayerFit } from '../layerFit.ts';

/** Tracks which fits the compositor's thread has, so that a fit is sent once and not with every tile. */
export interface FitLedger {
  /** `isNew`: send the fit along. `dropped`: id of a fit that the thread should discard. */
  use(fit: LayerFit): { id: number; isNew: boolean; dropped: number | null };
}

/** Fits that the thread keeps: enough for a few documents with several iterations each, at a few megabytes per fit. */
const KEPT = 8;

export function createFitLedger(kept: number = KEPT): FitLedger {
  const ids = new Map<LayerFit, number>();
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
