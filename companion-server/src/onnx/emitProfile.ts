/**
 * How layers are written for one family of execution providers. The numbers are the same everywhere; which operator
 * is fast, or exists at all, is not. Measured with `npm run bench:engine`.
 */
export interface EmitProfile {
  readonly name: ProfileName;
  /** `fused`: ONNX Runtime's own QuickGelu; `standard`: x · sigmoid(x). */
  readonly silu: 'fused' | 'standard';
  /** `fused`: ONNX Runtime's own MultiHeadAttention; `standard`: two matrix products around a softmax. */
  readonly attention: 'fused' | 'standard';
  /** Layers whose weights are stored as int8 multiply integers; otherwise they are widened to float32 first. */
  readonly integers: boolean;
}

export type ProfileName = 'cpu' | 'portable';

export const CPU_PROFILE: EmitProfile = {
  name: 'cpu',
  silu: 'fused',
  attention: 'fused',
  integers: true,
};

/** Only operators of the ONNX standard: WebGPU, CoreML, and any other runtime. */
export const PORTABLE_PROFILE: EmitProfile = {
  name: 'portable',
  silu: 'standard',
  attention: 'standard',
  integers: false,
};
