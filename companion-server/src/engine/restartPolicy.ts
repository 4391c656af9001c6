/** Deaths in a row after which no engine is started until somebody asks for one. */
const UNASKED = 5;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Milliseconds before the next engine starts, after so many deaths in a row: none after the first, which may have been
 * an accident; longer and longer after that, so that an engine that always dies does not run a queue dry in seconds.
 */
export function restartPauseMs(deaths: number): number {
  if (deaths <= 1) return 0;
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (deaths - 2));
}

/** Whether an engine is to be started again before anybody asks. */
export const startsUnasked = (deaths: number): boolean => deaths <= UNASKED;
