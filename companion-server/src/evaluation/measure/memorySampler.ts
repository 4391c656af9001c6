/** Milliseconds between two looks. */
const INTERVAL = 20;

/**
 * Greatest resident memory of this process while something ran, in megabytes: sampled, so a shorter peak is not seen, and
 * what was loaded before counts.
 */
export async function withPeak<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly peakMegabytes: number }> {
  let peak = process.memoryUsage.rss();
  const look = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const timer = setInterval(look, INTERVAL);
  try {
    const value = await work();
    look();
    return { value, peakMegabytes: Math.round(peak / 2 ** 20) };
  } finally {
    clearInterval(timer);
  }
}
