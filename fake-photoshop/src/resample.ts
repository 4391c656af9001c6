import { depthOf, newSamples, type Samples } from './raster.ts';

interface Picture {
  readonly data: Samples;
  readonly width: number;
  readonly height: number;
  /** Alpha, where there is more than one, comes last. */
  readonly channels: number;
}

/** Area average (nearest where it grows), colour weighted by alpha so that hidden colour does not bleed. */
export function resample(
  { data, width, height, channels }: Picture,
  size: { readonly width: number; readonly height: number },
): Picture {
  const depth = depthOf(data);
  const out = newSamples(depth, size.width * size.height * channels);
  const round = depth === 32 ? (value: number) => value : Math.round;
  const last = channels - 1;
  const sums = new Float64Array(channels);
  for (let y = 0; y < size.height; y++) {
    const [top, bottom] = span(y, size.height, height);
    for (let x = 0; x < size.width; x++) {
      const [left, right] = span(x, size.width, width);
      sums.fill(0);
      for (let v = top; v < bottom; v++) {
        for (let u = left, at = (v * width + left) * channels; u < right; u++, at += channels) {
          const weight = data[at + last] as number;
          for (let k = 0; k < last; k++)
            sums[k] = (sums[k] as number) + (data[at + k] as number) * weight;
          sums[last] = (sums[last] as number) + weight;
        }
      }
      const to = (y * size.width + x) * channels;
      const alpha = sums[last] as number;
      for (let k = 0; k < last; k++) out[to + k] = round((sums[k] as number) / (alpha || 1));
      out[to + last] = round(alpha / ((right - left) * (bottom - top)));
    }
  }
  return { data: out, ...size, channels };
}

function span(index: number, outputs: number, inputs: number): readonly [number, number] {
  const from = Math.min(inputs - 1, Math.floor((index * inputs) / outputs));
  return [from, Math.max(from + 1, Math.floor(((index + 1) * inputs) / outputs))];
}
