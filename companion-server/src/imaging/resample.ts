/** Taps of one axis: output `i` is the weighted sum of inputs `first[i] … first[i]+size`. */
export interface CubicTaps {
  readonly first: Int32Array;
  readonly size: number;
  /** [outputs][size], each row sums to 1; taps outside the input have been moved onto the border by leaving them out. */
  readonly weights: Float32Array;
}

/** Catmull–Rom; the filter of Photoshop's "bicubic" and of most training pipelines. */
function cubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return 1.5 * t ** 3 - 2.5 * t ** 2 + 1;
  if (t < 2) return -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2;
  return 0;
}

/** Antialiased cubic taps: when scaling down the filter widens with the ratio, as in Pillow. */
export function cubicTaps(inputs: number, outputs: number): CubicTaps {
  const ratio = inputs / outputs;
  const stretch = Math.max(1, ratio);
  const size = Math.min(inputs, Math.ceil(4 * stretch) + 1);
  const first = new Int32Array(outputs);
  const weights = new Float32Array(outputs * size);
  for (let i = 0; i < outputs; i++) {
    const centre = (i + 0.5) * ratio;
    const start = Math.min(inputs - size, Math.max(0, Math.floor(centre - 2 * stretch)));
    first[i] = start;
    let total = 0;
    for (let k = 0; k < size; k++) {
      const weight = cubic((start + k + 0.5 - centre) / stretch);
      weights[i * size + k] = weight;
      total += weight;
    }
    for (let k = 0; k < size; k++) {
      weights[i * size + k] = (weights[i * size + k] as number) / total;
    }
  }
  return { first, size, weights };
}

/** Scales interleaved float rows that are produced one at a time, so that the input is never whole in memory. */
export function resampleRows(
  input: { readonly width: number; readonly height: number; readonly channels: number },
  output: { readonly width: number; readonly height: number },
  readRow: (y: number, into: Float32Array) => void,
): Float32Array {
  const { channels } = input;
  const horizontal = cubicTaps(input.width, output.width);
  const vertical = cubicTaps(input.height, output.height);
  const row = new Float32Array(input.width * channels);
  const scaled = new Float32Array(output.width * channels);
  const result = new Float32Array(output.width * output.height * channels);
  let firstOutput = 0;
  for (let y = 0; y < input.height; y++) {
    readRow(y, row);
    scaleRow(row, horizontal, channels, scaled);
    while (
      firstOutput < output.height &&
      (vertical.first[firstOutput] as number) + vertical.size <= y
    ) {
      firstOutput++;
    }
    for (let out = firstOutput; out < output.height; out++) {
      const tap = y - (vertical.first[out] as number);
      if (tap < 0) break;
      const weight = vertical.weights[out * vertical.size + tap] as number;
      const at = out * scaled.length;
      for (let k = 0; k < scaled.length; k++) {
        result[at + k] = (result[at + k] as number) + weight * (scaled[k] as number);
      }
    }
  }
  return result;
}

function scaleRow(row: Float32Array, taps: CubicTaps, channels: number, out: Float32Array): void {
  if (channels === 3) scaleColours(row, taps, out);
  else scaleSamples(row, taps, channels, out);
}

/** Three channels in one go: each weight is read once. */
function scaleColours(row: Float32Array, taps: CubicTaps, out: Float32Array): void {
  const { first, size, weights } = taps;
  for (let i = 0, tap = 0; i < first.length; i++) {
    let [red, green, blue] = [0, 0, 0];
    let at = (first[i] as number) * 3;
    for (const end = tap + size; tap < end; tap++, at += 3) {
      const weight = weights[tap] as number;
      red += weight * (row[at] as number);
      green += weight * (row[at + 1] as number);
      blue += weight * (row[at + 2] as number);
    }
    out[3 * i] = red;
    out[3 * i + 1] = green;
    out[3 * i + 2] = blue;
  }
}

function scaleSamples(
  row: Float32Array,
  taps: CubicTaps,
  channels: number,
  out: Float32Array,
): void {
  const { first, size, weights } = taps;
  for (let i = 0; i < first.length; i++) {
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      let at = (first[i] as number) * channels + c;
      for (let k = 0; k < size; k++, at += channels) {
        sum += (weights[i * size + k] as number) * (row[at] as number);
      }
      out[i * channels + c] = sum;
    }
  }
}
