import type { Clock } from '../clock.ts';

/** Share of the work that must be done before the rest can be estimated from it. */
const ENOUGH = 0.04;

/**
 * Milliseconds that are left of a piece of work, by the pace since its first part was done; null until a second one is.
 * What came before the first part is left out: preparing takes its time once, and says nothing of the rest.
 * The estimate only falls: one that jumps up and down is worse than none.
 */
export function timeLeft(clock: Clock): (fraction: number) => number | null {
  let first: { readonly at: number; readonly fraction: number } | null = null;
  let end = Number.POSITIVE_INFINITY;
  return (fraction) => {
    const now = clock.now();
    if (first === null) {
      if (fraction > 0) first = { at: now, fraction };
      return null;
    }
    const done = fraction - first.fraction;
    if (done < ENOUGH) return Number.isFinite(end) ? Math.max(0, end - now) : null;
    end = Math.min(end, now + ((now - first.at) * (1 - fraction)) / done);
    return Math.max(0, end - now);
  };
}
