/** Where the numbers of a checkpoint come from, by the names that PyTorch gives them. */
export interface WeightSource {
  /**
   * @param shape as PyTorch stores it, e.g. [out, in, kh, kw]
   * @throws ImportError MISSING_TENSOR, MISSHAPEN_TENSOR naming the tensor and both shapes
   */
  take(name: string, shape: readonly number[]): Float32Array;
}

/** A stored weight: what the graph refers to. */
export interface StoredWeight {
  readonly type: 'float32' | 'float16';
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/** Where the numbers go: one file of external data per bundle part. */
export interface WeightSink {
  store(values: Float32Array): StoredWeight;
}
