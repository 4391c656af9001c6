/** Bins that published figures mostly use (Guo et al. 2017). */
const BINS = 15;

/** A prediction: what it was sure of, and whether it came true. */
export interface Sure {
  /** 0 … 1 */
  readonly confidence: number;
  readonly isRight: boolean;
}

/** One bin of a reliability diagram. */
export interface Bin {
  readonly count: number;
  readonly confidence: number;
  readonly accuracy: number;
}

/** Bins of equal width (0, 1/n], (1/n, 2/n] …, those without predictions left out. */
export function reliability(predictions: readonly Sure[], bins = BINS): Bin[] {
  return Array.from({ length: bins }, (_, bin) => {
    const inside = predictions.filter(
      ({ confidence }) => Math.max(0, Math.ceil(confidence * bins) - 1) === bin,
    );
    const mean = (of: (one: Sure) => number) =>
      inside.reduce((sum, one) => sum + of(one), 0) / inside.length;
    return {
      count: inside.length,
      confidence: mean(({ confidence }) => confidence),
      accuracy: mean(({ isRight }) => (isRight ? 1 : 0)),
    };
  }).filter(({ count }) => count > 0);
}

/**
 * Expected calibration error (Guo et al. 2017, equation 3): |accuracy − confidence| of the bins, weighted by how many
 * predictions each has; null for none.
 */
export function calibrationError(predictions: readonly Sure[], bins = BINS): number | null {
  if (predictions.length === 0) return null;
  return reliability(predictions, bins).reduce(
    (sum, { count, confidence, accuracy }) =>
      sum + (count / predictions.length) * Math.abs(accuracy - confidence),
    0,
  );
}
