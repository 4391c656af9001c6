/** Milliseconds between one call of `lap` and the next, by name. */
export interface Laps {
  readonly laps: Record<string, number>;
  lap(name: string): void;
}

export function createLaps(): Laps {
  const laps: Record<string, number> = {};
  let last = performance.now();
  return {
    laps,
    lap(name) {
      const now = performance.now();
      laps[name] = now - last;
      last = now;
    },
  };
}
