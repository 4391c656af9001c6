/**
 * How layers are written for one family of execution providers. The numbers are the same everywhere; which operator
 * is fast, right, or there at all, is not. Measured with `npm run bench:engine`; graph variants share their weights.
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

export const PROFILE_NAMES = ['cpu', 'gpu', 'portable'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

export const EMIT_PROFILES: Readonly<Record<ProfileName, EmitProfile>> = {
  cpu: { name: 'cpu', silu: 'fused', attention: 'fused', integers: true },
  /** Providers with ONNX Runtime's fused operators, but without its integer products: those would go to the CPU. */
  gpu: { name: 'gpu', silu: 'fused', attention: 'fused', integers: false },
  /**
   * Only operators of the ONNX standard. CoreML has no others; WebGPU's fused attention is wrong by up to 5 % on some
   * drivers (measured with SwiftShader on ONNX Runtime 1.30), its plain products are exact.
   */
  portable: { name: 'portable', silu: 'standard', attention: 'standard', integers: false },
};

const PROFILE_OF: Readonly<Record<string, ProfileName>> = {
  cpu: 'cpu',
  cuda: 'gpu',
  tensorrt: 'gpu',
  dml: 'gpu',
};

/** The profile whose graphs an execution provider runs best. */
export const profileFor = (provider: string): EmitProfile =>
  EMIT_PROFILES[PROFILE_OF[provider] ?? 'portable'];
