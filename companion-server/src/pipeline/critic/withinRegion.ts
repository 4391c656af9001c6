import type { Tensor } from '../../tensor/tensor.ts';

/**
 * What the user will see of edits that are shown in a region only: source + weight · (image − source).
 * @param images [n, 3, H, W] in [0, 1]
 * @param source [1, 3, H, W] in [0, 1]
 * @param region weight of each pixel, [H · W] in [0, 1]
 */
export function withinRegion({ data, dims }: Tensor, source: Tensor, region: Float32Array): Tensor {
  const seen = new Float32Array(data.length);
  const original = source.data;
  for (let i = 0; i < data.length; i++) {
    const from = original[i % original.length] as number;
    const weight = region[i % region.length] as number;
    seen[i] = from + weight * ((data[i] as number) - from);
  }
  return { data: seen, dims };
}
