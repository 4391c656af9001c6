/** Time that is left by how long the edits of each method took so far. */
export interface Pace {
  took(method: string, ms: number): void;
  /** Edits that are left. */
  left(): number;
  /** Null before the first edit. */
  leftMs(): number | null;
}

/** @param methods of the edits that are to be made, one entry an edit */
export function createPace(methods: readonly string[]): Pace {
  const left = new Map<string, number>();
  for (const method of methods) left.set(method, (left.get(method) ?? 0) + 1);
  const taken = new Map<string, { readonly ms: number; readonly count: number }>();
  return {
    took(method, ms) {
      const before = taken.get(method) ?? { ms: 0, count: 0 };
      taken.set(method, { ms: before.ms + ms, count: before.count + 1 });
      left.set(method, (left.get(method) ?? 0) - 1);
    },
    left: () => [...left.values()].reduce((sum, count) => sum + count, 0),
    leftMs() {
      const known = [...taken.values()];
      const edits = known.reduce((sum, { count }) => sum + count, 0);
      if (edits === 0) return null;
      const mean = known.reduce((sum, { ms }) => sum + ms, 0) / edits;
      return [...left].reduce((sum, [method, count]) => {
        const own = taken.get(method);
        return sum + count * (own === undefined ? mean : own.ms / own.count);
      }, 0);
    },
  };
}
