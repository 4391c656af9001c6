import type { JobQueue, QueuedWork } from './jobQueue.ts';

/** First in, first out, one job at a time (JB3), because there is one engine. */
export function createInProcessQueue(): JobQueue {
  const waiting: QueuedWork[] = [];
  let isRunning = false;

  async function runNext(): Promise<void> {
    const work = isRunning ? undefined : waiting.shift();
    if (work === undefined) return;
    isRunning = true;
    tellFrom(0);
    await work.run().catch(() => {});
    isRunning = false;
    void runNext();
  }

  function tellFrom(first: number): void {
    for (const [index, work] of waiting.entries()) if (index >= first) work.moved(index);
  }

  return {
    get waiting() {
      return waiting.length;
    },
    add(work) {
      waiting.push(work);
      const position = waiting.length - 1;
      queueMicrotask(() => void runNext());
      return position;
    },
    remove(work) {
      const index = waiting.indexOf(work);
      if (index < 0) return false;
      waiting.splice(index, 1);
      tellFrom(index);
      return true;
    },
  };
}
