/** A figure with the middle 95 % of its resamples. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Values that it was made of. */
  readonly count: number;
}

const CONFIDENCE = 0.95;

/**
 * Percentile bootstrap (Efron 1979): whole photographs are drawn with replacement, because the edits of one photograph
 * are no independent observations.
 * @param groups values of each photograph
 * @param statistic of the values of the drawn photographs
 * @returns null when there is no value
 */
export function bootstrap(
  groups: readonly (readonly number[])[],
  statistic: (values: readonly number[]) => number,
  { resamples, seed }: { readonly resamples: number; readonly seed: number },
): Estimate | null {
  const drawn = groups.filter(({ length }) => length > 0);
  const all = drawn.flat();
  if (all.length === 0) return null;
  const random = mulberry32(seed);
  const found = Float64Array.from({ length: resamples }, () => {
    const values: number[] = [];
    for (let i = 0; i < drawn.length; i++) {
      for (const value of drawn[Math.floor(random() * drawn.length)] ?? []) values.push(value);
    }
    return statistic(values);
  }).sort();
  const at = (share: number) => quantile(found, share);
  const tail = (1 - CONFIDENCE) / 2;
  return { value: statistic(all), low: at(tail), high: at(1 - tail), count: all.length };
}

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export const medianOf = (values: readonly number[]): number =>
  quantile(Float64Array.from(values).sort(), 0.5);

/** Linear between neighbours, as numpy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const [from, to] = [sorted[low] as number, sorted[Math.ceil(place)] as number];
  return from + (place - low) * (to - from);
}

/** Numbers in [0, 1) from a seed of 32 bits. Source: Tommy Ettinger's Mulberry32, public domain. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
