import type { JobQueue, QueuedWork } from './jobQueue.ts';

/**
 * One job at a time (JB3), because there is one engine, or more where engines elsewhere have a queue of their own. Owners take turns, so that nobody waits behind another's twenty;
 * the jobs of one owner run in the order in which they came.
 * @param width jobs at a time
 */
export function createInProcessQueue(width = 1): JobQueue {
  /** In the order in which they will run. */
  let waiting: readonly QueuedWork[] = [];
  /** Owner whose job ran last: the others come first. */
  let lastOwner: unknown;
  let running = 0;

  async function runNext(): Promise<void> {
    const work = running >= width ? undefined : waiting[0];
    if (work === undefined) return;
    running += 1;
    lastOwner = work.owner;
    arrange(waiting.slice(1));
    await work.run().catch(() => {});
    running -= 1;
    void runNext();
  }

  function arrange(works: readonly QueuedWork[]): void {
    const before = waiting;
    waiting = inTurns(works, lastOwner);
    for (const [index, work] of waiting.entries()) {
      const known = before.indexOf(work);
      if (known >= 0 && known !== index) work.moved(index);
    }
  }

  return {
    get waiting() {
      return waiting.length;
    },
    add(work) {
      arrange([...waiting, work]);
      queueMicrotask(() => void runNext());
      return waiting.indexOf(work);
    },
    remove(work) {
      if (!waiting.includes(work)) return false;
      arrange(waiting.filter((other) => other !== work));
      return true;
    },
  };
}

/** The first job of every owner, then the second of each, and so on; the owner of the job before them is last in a round. */
function inTurns(works: readonly QueuedWork[], lastOwner: unknown): QueuedWork[] {
  const rounds: QueuedWork[][] = [];
  const taken = new Map<unknown, number>();
  for (const work of works) {
    const round = taken.get(work.owner) ?? 0;
    taken.set(work.owner, round + 1);
    rounds[round] ??= [];
    rounds[round].push(work);
  }
  const isLast = ({ owner }: QueuedWork) => Number(owner === lastOwner);
  return rounds.flatMap((round) => round.sort((a, b) => isLast(a) - isLast(b)));
}
