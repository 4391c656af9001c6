import type { Weight, WeightSource } from '../../onnx/weights.ts';

/** Folds a batch norm (in evaluation a scale and shift per channel) into the convolution before it. */
export function foldNorm(
  weights: WeightSource,
  convolution: Weight,
  norm: string,
  eps: number,
): { weight: Weight; bias: Weight } {
  const shape = convolution.shape.slice(0, 1);
  const of = (part: string) => weights.take(`${norm}.${part}`, shape);
  const parts = {
    gamma: of('weight'),
    beta: of('bias'),
    mean: of('running_mean'),
    variance: of('running_var'),
  };
  const readScale = async () => {
    const [gamma, variance] = [await parts.gamma.read(), await parts.variance.read()];
    return gamma.map((value, c) => value / Math.sqrt((variance[c] as number) + eps));
  };
  return {
    weight: {
      ...convolution,
      async read() {
        const [values, scale] = [await convolution.read(), await readScale()];
        const perChannel = values.length / scale.length;
        return values.map((value, i) => value * (scale[Math.floor(i / perChannel)] as number));
      },
    },
    bias: {
      name: `${norm}.folded`,
      shape,
      async read() {
        const [beta, mean, scale] = [
          await parts.beta.read(),
          await parts.mean.read(),
          await readScale(),
        ];
        return beta.map((value, c) => value - (mean[c] as number) * (scale[c] as number));
      },
    },
  };
}
