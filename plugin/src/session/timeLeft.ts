import type { Clock } from '../clock.ts';

/** Before this much is done the rest cannot be told from the beginning. */
const ENOUGH = 0.04;

/**
 * Milliseconds that are left of a piece of work, by what its beginning took; null until that is known.
 * What is told only falls: an estimate that jumps up and down is worse than none.
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
