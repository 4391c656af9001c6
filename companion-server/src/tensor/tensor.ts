/** A dense float32 tensor, row-major. Images and latents are always [n, c, h, w]. */
export interface Tensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
  /** True when `data` never changes again, so that a device may keep its copy between runs. */
  readonly isFixed?: boolean;
}

/** @throws RangeError when the data does not fill the dims exactly. */
export function tensor(data: Float32Array, dims: readonly number[]): Tensor {
  const size = dims.reduce((product, dim) => product * dim, 1);
  if (size !== data.length) {
    throw new RangeError(
      `Expected ${size} values for dims [${dims.join(', ')}] but received ${data.length}.`,
    );
  }
  return { data, dims };
}

export function zeros(dims: readonly number[]): Tensor {
  return { data: new Float32Array(dims.reduce((product, dim) => product * dim, 1)), dims };
}
