import type { EmitProfile } from '../onnx/emitProfile.ts';
import type { Tensor } from '../tensor/tensor.ts';

export type Tensors = Readonly<Record<string, Tensor>>;

/** One loaded graph. Runs of a session must not overlap. */
export interface InferenceSession {
  run(inputs: Tensors): Promise<Tensors>;
  release(): Promise<void>;
}

/** Port: something that runs ONNX graphs on one execution provider. */
export interface InferenceRuntime {
  readonly provider: ChosenProvider;
  /** The profile that graphs for this runtime must be written in. */
  readonly profile: EmitProfile;
  /**
   * @param weights file of the graph's external data, beside it
   * @throws Error of the runtime's own when the graph cannot be loaded
   */
  open(graph: string, weights: string): Promise<InferenceSession>;
}

export interface ChosenProvider {
  readonly name: string;
  /** Why this one runs, in a sentence. */
  readonly reason: string;
  /** Providers that were tried before it and why they do not run. */
  readonly refused: readonly RefusedProvider[];
}

export interface RefusedProvider {
  readonly name: string;
  readonly reason: string;
}
