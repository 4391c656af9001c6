import type { Clock } from '@emoeditor/plugin/clock.ts';

/** Time that passes when the test says so. */
export interface ManualClock extends Clock {
  /** Runs everything due within so many milliseconds, in order, and lets promises settle in between. */
  pass(milliseconds: number): Promise<void>;
}

export function manualClock(): ManualClock {
  let now = 0;
  let timers: { due: number; callback: () => void }[] = [];
  return {
    now: () => now,
    after(milliseconds, callback) {
      const timer = { due: now + milliseconds, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    async pass(milliseconds) {
      const end = now + milliseconds;
      await settled();
      for (;;) {
        const next = timers.filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
        if (next === undefined) break;
        timers = timers.filter((each) => each !== next);
        now = Math.max(now, next.due);
        next.callback();
        await settled();
      }
      now = end;
    },
  };
}

/** Lets every promise that can settle do so; a macrotask comes after all of them. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
