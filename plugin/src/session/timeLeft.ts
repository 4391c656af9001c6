import type { Clock } from '../clock.ts';

/** Share of the work that must be done before the rest can be estimated from it. */
const ENOUGH = 0.04;

/**
 * Milliseconds that are left of a piece of work, by what its beginning took; null until that is known.
 * The estimate only falls: one that jumps up and down is worse than none.
 */
export function timeLeft(clock: Clock): (fraction: number) => number | null {
  const start = clock.now();
  let end = Number.POSITIVE_INFINITY;
  return (fraction) => {
    if (fraction < ENOUGH) return null;
    const now = clock.now();
    end = Math.min(end, now + ((now - start) * (1 - fraction)) / fraction);
    return Math.max(0, end - now);
  };
}
