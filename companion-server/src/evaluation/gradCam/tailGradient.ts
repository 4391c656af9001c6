import type { Tensor } from '../../tensor/tensor.ts';
import type { Tail } from './tail.ts';

/** Valence and arousal stand before the eight shares in what the kernel head regresses. */
const RATINGS = 2;
/** A share further from what was regressed than float32 rounds was cut at its least value. */
const CUT = 1e-4;

/** The values of a {@link Tail} for one picture. */
export type TailValues = Readonly<Record<string, Tensor>>;

/**
 * Derivative of a class's logit by the channels of the last block, averaged over its pixels: the weights of Grad-CAM
 * (Selvaraju et al. 2017, equation 1). Logits are those before the temperature, which scales all channels alike.
 * @returns [C]
 */
export function meanGradient(
  { kind, epsilon }: Tail,
  values: TailValues,
  index: number,
): Float32Array {
  const last = need(values, 'last');
  const [, channels = 0, height = 0, width = 0] = last.dims;
  if (kind === 'linear') {
    const { data } = need(values, 'classes');
    return data
      .slice(index * channels, (index + 1) * channels)
      .map((value) => value / (height * width));
  }
  const [heads = 0] = need(values, 'headWeight').dims;
  const pooled =
    kind === 'lite'
      ? need(values, 'classes').data.slice(index * heads, (index + 1) * heads)
      : kernelGradient(values, index);
  const gradient = throughHead(values, epsilon, pooled.subarray(0, heads));
  // The mean of the block is pooled too; its spread has no mean gradient, as deviations from the mean sum to zero.
  for (let c = 0; kind === 'kernel' && c < channels; c++) {
    gradient[c] = (gradient[c] as number) + (pooled[heads + c] as number) / (height * width);
  }
  return gradient;
}

/** Back through mean, ReLU6, batch norm and the 1 × 1 convolution. `pooled`: derivative by the head's means, [K]. */
function throughHead(
  values: TailValues,
  epsilon: number | null,
  pooled: Float32Array,
): Float32Array {
  const { data: head } = need(values, 'head');
  const { data: weight, dims } = need(values, 'headWeight');
  const [heads = 0, channels = 0] = dims;
  const pixels = head.length / heads;
  const gradient = new Float32Array(channels);
  for (let k = 0; k < heads; k++) {
    let open = 0;
    for (let i = k * pixels; i < (k + 1) * pixels; i++) {
      if ((head[i] as number) > 0 && (head[i] as number) < 6) open += 1;
    }
    const factor =
      ((pooled[k] as number) * normFactor(values, epsilon, k) * open) / pixels / pixels;
    if (factor === 0) continue;
    for (let c = 0; c < channels; c++) {
      gradient[c] = (gradient[c] as number) + factor * (weight[k * channels + c] as number);
    }
  }
  return gradient;
}

function normFactor(values: TailValues, epsilon: number | null, k: number): number {
  if (epsilon === null) return 1;
  const variance = need(values, 'normVariance').data[k] as number;
  return (need(values, 'normScale').data[k] as number) / Math.sqrt(variance + epsilon);
}

/** Derivative of log(share) by what was pooled, [P]: through exp(−|z − s|²) of the stored pictures s and projection. */
function kernelGradient(values: TailValues, index: number): Float32Array {
  const { data: projection, dims } = need(values, 'projection');
  const [directions = 0, width = 0] = dims;
  const { data: pooled } = need(values, 'pooled');
  const bias = need(values, 'projectionBias').data;
  const place = Float64Array.from({ length: directions }, (_, d) => {
    let sum = bias[d] as number;
    for (let i = 0; i < width; i++) {
      sum += (projection[d * width + i] as number) * (pooled[i] as number);
    }
    return sum;
  });
  const byPlace = kernelPlaceGradient(values, place, index);
  const gradient = new Float32Array(width);
  for (let d = 0; d < directions; d++) {
    for (let i = 0; i < width; i++) {
      gradient[i] =
        (gradient[i] as number) + (byPlace[d] as number) * (projection[d * width + i] as number);
    }
  }
  return gradient;
}

/** Derivative of log(share) by the place z among the stored pictures, [K]. */
function kernelPlaceGradient(values: TailValues, place: Float64Array, index: number): Float64Array {
  const { data: support, dims } = need(values, 'support');
  const [rows = 0, directions = 0] = dims;
  const { data: regression } = need(values, 'regression');
  let regressed = need(values, 'regressionBias').data[RATINGS + index] as number;
  const gradient = new Float64Array(directions);
  for (let row = 0; row < rows; row++) {
    let apart = 0;
    for (let d = 0; d < directions; d++) {
      apart += ((place[d] as number) - (support[row * directions + d] as number)) ** 2;
    }
    const weight = (regression[(RATINGS + index) * rows + row] as number) * Math.exp(-apart);
    regressed += weight;
    for (let d = 0; d < directions; d++) {
      const away = (place[d] as number) - (support[row * directions + d] as number);
      gradient[d] = (gradient[d] as number) - 2 * weight * away;
    }
  }
  const share = need(values, 'shares').data[index] as number;
  const isCut = Math.abs(share - regressed) > CUT;
  return gradient.map((value) => (isCut ? 0 : value / share));
}

function need(values: TailValues, name: string): Tensor {
  const found = values[name];
  if (found === undefined)
    throw new RangeError(`Expected the predictor's ${name} but it gave none.`);
  return found;
}
