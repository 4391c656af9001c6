/** A tensor that a graph uses. Its numbers are read when the bundle is written, one tensor at a time. */
export interface Weight {
  readonly name: string;
  /** As PyTorch stores it, e.g. [out, in, kh, kw]. */
  readonly shape: readonly number[];
  read(): Promise<Float32Array>;
}

/** Where the tensors of a checkpoint come from, by the names that PyTorch gives them. */
export interface WeightSource {
  /** @throws ImportError MISSING_TENSOR, MISSHAPEN_TENSOR naming the tensor and both shapes */
  take(name: string, shape: readonly number[]): Weight;
}

/** Storage type of a weight; the profile decides which type it is computed in. */
export type StorageType = 'float32' | 'float16' | 'int8';

/** A byte range in a file of external data. */
export interface Place {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

export interface StoredWeight {
  readonly type: StorageType;
  readonly place: Place;
  /** int8 only: one float32 scale per entry of the first axis. */
  readonly scale?: Place;
}

/** Where the weights go: one file of external data per graph. */
export interface WeightSink {
  place(weight: Weight): StoredWeight;
}
