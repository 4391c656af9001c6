/** Adds up milliseconds by stage. Stages may nest: `models` is the part of the others spent inside the models. */
export interface Stopwatch {
  time<T>(stage: string, work: () => Promise<T>): Promise<T>;
  readonly timings: Readonly<Record<string, number>>;
}

/** @param now milliseconds from any start */
export function createStopwatch(now: () => number): Stopwatch {
  const timings: Record<string, number> = {};
  return {
    timings,
    async time(stage, work) {
      const start = now();
      try {
        return await work();
      } finally {
        timings[stage] = (timings[stage] ?? 0) + now() - start;
      }
    },
  };
}
