import { type Tensor, tensor } from '../tensor/tensor.ts';

/** source + strength · (layer − source), as the compositor applies intensity. */
export function atStrength(source: Tensor, layer: Tensor, strength: number): Tensor {
  const data = new Float32Array(source.data.length);
  for (let i = 0; i < data.length; i++) {
    const from = source.data[i] as number;
    data[i] = from + strength * ((layer.data[i] as number) - from);
  }
  return tensor(data, source.dims);
}
