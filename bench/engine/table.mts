import type { Answer, Contender, Size } from './contender.mts';
import { EAGER, ON_CPU, PEAK } from './entrants.mts';

interface Result {
  /** The last answer. */
  readonly answer: Answer;
  /** Milliseconds of the fastest round; null before the second, infinite where the size cannot be taken. */
  readonly best: number | null;
}

/** One row per contender: the fastest of the rounds, the ratio to PyTorch, and how far the results are apart. */
export async function compared(contenders: readonly Contender[], size: Size, rounds: number) {
  const results = new Map<Contender, Result>();
  // The first run of a size compiles, plans or allocates.
  for (let round = 0; round <= rounds; round++) {
    for (const contender of contenders) {
      const answer = await contender.run(size);
      const known = results.get(contender)?.best ?? null;
      const best = round === 0 ? null : Math.min(answer.ms ?? Infinity, known ?? Infinity);
      results.set(contender, { answer, best });
    }
  }
  const named = (wanted: string) => {
    const found = contenders.find(({ name }) => name === wanted);
    return found && results.get(found);
  };
  const base = named(EAGER);
  const reference = named(ON_CPU) ?? base ?? results.get(contenders[0] as Contender);
  return contenders.map((contender) =>
    row(contender, results.get(contender) as Result, base, reference),
  );
}

/** @param base PyTorch's result, where it takes part; what it counts as its work is the work of all but the peak */
function row(contender: Contender, result: Result, base?: Result, reference = base) {
  const isPeak = contender.name === PEAK;
  const { gflop = isPeak ? undefined : base?.answer.gflop, probe, rss, opened } = result.answer;
  const best = result.best ?? Number.POSITIVE_INFINITY;
  if (best === Number.POSITIVE_INFINITY) return { contender: contender.name };
  const fixed = (value: number, digits: number) => Number(value.toFixed(digits));
  return {
    contender: contender.name,
    'ms per evaluation': fixed(best, 1),
    'GFLOP/s': gflop === undefined ? null : Math.round((gflop / best) * 1000),
    'ratio to eager': base?.best == null || isPeak ? null : fixed(best / base.best, 2),
    'largest difference':
      probe.length === 0 || reference === undefined
        ? null
        : distance(probe, reference.answer.probe).toExponential(1),
    'start s': fixed(contender.loadSeconds, 1),
    'open s': opened === undefined ? null : fixed(opened, 2),
    'peak MiB': rss === null ? null : Math.round(rss),
  };
}

/** Largest difference, relative to the largest value. */
function distance(a: readonly number[], b: readonly number[]): number {
  const scale = Math.max(...b.map(Math.abs));
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN)))) / scale;
}
