/** int8 values and one scale per entry of the first axis. */
export interface Quantised {
  readonly values: Int8Array<ArrayBuffer>;
  readonly scale: Float32Array<ArrayBuffer>;
}

const LARGEST = 127;

/** Symmetric int8 with one scale per output channel: the largest weight of a channel becomes ±127. */
export function quantisePerChannel(weights: Float32Array, channels: number): Quantised {
  const perChannel = weights.length / channels;
  const values = new Int8Array(weights.length);
  const scale = new Float32Array(channels);
  for (let c = 0; c < channels; c++) {
    const row = weights.subarray(c * perChannel, (c + 1) * perChannel);
    const peak = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    // A channel of zeros has no scale of its own; any will do.
    const step = Math.fround(peak / LARGEST) || 1;
    scale[c] = step;
    for (let i = 0; i < perChannel; i++) {
      const rounded = Math.round((row[i] as number) / step);
      values[c * perChannel + i] = Math.max(-LARGEST, Math.min(LARGEST, rounded));
    }
  }
  return { values, scale };
}
