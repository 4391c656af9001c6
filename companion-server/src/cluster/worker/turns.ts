/** What waits of one artist; leased edits are not among it. */
export interface Waiting {
  readonly artist: string;
  readonly count: number;
}

/** Whose turn it is. */
export interface Turns {
  /** An engine has worked for the artist. */
  used(artist: string, milliseconds: number): void;
  /** The artist has got a turn. */
  took(artist: string): void;
  /**
   * In the order in which their first edits should run: who has waited too long, then who has the fewest running, then who
   * had the least of late.
   * @param running edits of each artist on all workers
   */
  order(waiting: readonly Waiting[], running: ReadonlyMap<string, number>): readonly Waiting[];
}

/** After so long others' smaller use no longer goes before. */
const PATIENCE_MS = 30_000;
/** Use of an engine counts half after so long. */
const HALF_LIFE_MS = 60_000;

/** @param now milliseconds, of a clock that does not jump */
export function createTurns(now: () => number = () => performance.now()): Turns {
  const usage = new Map<string, { milliseconds: number; at: number }>();
  const lastTurn = new Map<string, number>();
  /** Since when an artist waits. */
  const since = new Map<string, number>();

  function usedBy(artist: string): number {
    const known = usage.get(artist);
    return known === undefined
      ? 0
      : known.milliseconds * 0.5 ** ((now() - known.at) / HALF_LIFE_MS);
  }

  return {
    used(artist, milliseconds) {
      usage.set(artist, { milliseconds: usedBy(artist) + milliseconds, at: now() });
    },
    took(artist) {
      lastTurn.set(artist, now());
      since.delete(artist);
    },
    order(waiting, running) {
      const there = new Set(waiting.map(({ artist }) => artist));
      for (const artist of since.keys()) if (!there.has(artist)) since.delete(artist);
      for (const artist of there) if (!since.has(artist)) since.set(artist, now());
      const sinceOf = ({ artist }: Waiting) => since.get(artist) ?? now();
      const isLate = (one: Waiting) => Number(now() - sinceOf(one) > PATIENCE_MS);
      const runningOf = ({ artist }: Waiting) => running.get(artist) ?? 0;
      const turnOf = ({ artist }: Waiting) => lastTurn.get(artist) ?? 0;
      return waiting.toSorted(
        (a, b) =>
          isLate(b) - isLate(a) ||
          (isLate(a) === 1 ? sinceOf(a) - sinceOf(b) : 0) ||
          runningOf(a) - runningOf(b) ||
          usedBy(a.artist) - usedBy(b.artist) ||
          turnOf(a) - turnOf(b) ||
          a.artist.localeCompare(b.artist),
      );
    },
  };
}

/**
 * How many edits are ahead of each artist's first that waits, second, …, when artists take turns in that order.
 */
export function placesInTurns(ordered: readonly Waiting[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>(ordered.map(({ artist }) => [artist, []]));
  const most = Math.max(0, ...ordered.map(({ count }) => count));
  let ahead = 0;
  for (let round = 0; round < most; round++) {
    for (const { artist, count } of ordered) {
      if (round < count) places.get(artist)?.push(ahead++);
    }
  }
  return places;
}
