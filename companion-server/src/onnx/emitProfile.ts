/**
 * How layers are written for one family of execution providers. All variants compute the same result; providers differ
 * in which operators they have, and which are fast and correct. All variants of a graph share their weights.
 */
export interface EmitProfile {
  readonly name: ProfileName;
  /**
   * Type of all values inside a graph; its inputs and outputs are always float32. With float16 the time embedding,
   * softmax and the statistics of norms stay in float32.
   */
  readonly numbers: 'float32' | 'float16';
  /** Layout of pictures inside a graph: [n, c, h, w], or [n, h, w, c] as tensor cores prefer. */
  readonly layout: 'channels-first' | 'channels-last';
  /** `fused`: ONNX Runtime's own QuickGelu; `standard`: x · sigmoid(x). */
  readonly silu: 'fused' | 'standard';
  /**
   * `fused`: ONNX Runtime's own GroupNorm, with the SiLU behind it; its scales in the type that the provider takes.
   * `standard`: an instance norm over the groups.
   */
  readonly groupNorm: { readonly kind: 'standard' } | FusedGroupNorm;
  /**
   * `fused`: ONNX Runtime's own MultiHeadAttention; `packed`: the same with query, key and value from one product;
   * `standard`: two matrix products around a softmax.
   */
  readonly attention: 'fused' | 'packed' | 'standard';
  /** `fused`: bias, residual and what follows them in one operator, for the widths of Stable Diffusion 1. */
  readonly residual: 'fused' | 'standard';
  /** Layers whose weights are stored as int8 multiply integers; otherwise they are widened first. */
  readonly integers: boolean;
  /** 3×3 float convolutions by Winograd's algorithm, where the provider has none of its own. */
  readonly winograd: boolean;
  /** The float32 profile, for networks too small to gain from float16 or too sensitive to it, such as the critic's. */
  readonly full: ProfileName;
  /** Fallback profiles, in order, where a bundle has no graph of this one. */
  readonly otherwise: readonly ProfileName[];
}

export interface FusedGroupNorm {
  readonly kind: 'fused';
  readonly scales: 'float32' | 'float16';
}

export const PROFILE_NAMES = ['cpu', 'gpu', 'cuda', 'dml', 'portable', 'portableHalf'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

const CPU: EmitProfile = {
  name: 'cpu',
  numbers: 'float32',
  layout: 'channels-first',
  silu: 'fused',
  groupNorm: { kind: 'standard' },
  attention: 'fused',
  residual: 'standard',
  integers: true,
  winograd: false,
  full: 'cpu',
  otherwise: [],
};

/**
 * Only operators of the ONNX standard. CoreML and TensorRT support no others; WebGPU's fused attention is wrong by up
 * to 5 % on some drivers (measured with SwiftShader on ONNX Runtime 1.30), its plain matrix products are exact.
 */
const PORTABLE: EmitProfile = {
  ...CPU,
  name: 'portable',
  silu: 'standard',
  attention: 'standard',
  integers: false,
  full: 'portable',
  otherwise: ['cpu'],
};

export const EMIT_PROFILES: Readonly<Record<ProfileName, EmitProfile>> = {
  cpu: { ...CPU, winograd: true },
  /** ONNX Runtime's fused operators that every GPU provider has; no integer layers, which would run on the CPU. */
  gpu: { ...CPU, name: 'gpu', integers: false, full: 'gpu', otherwise: ['cpu'] },
  /**
   * Everything that ONNX Runtime's own optimiser fuses in Stable Diffusion for CUDA.
   * Source: onnxruntime/transformers, models/stable_diffusion; kernels in contrib_ops/cuda/diffusion.
   */
  cuda: {
    ...CPU,
    name: 'cuda',
    numbers: 'float16',
    layout: 'channels-last',
    groupNorm: { kind: 'fused', scales: 'float32' },
    attention: 'packed',
    residual: 'fused',
    integers: false,
    full: 'gpu',
    otherwise: ['gpu', 'cpu'],
  },
  /**
   * What Microsoft's pipelines for DirectML fuse: group norms with channels first, packed attention, and nothing that
   * adds biases.
   */
  dml: {
    ...CPU,
    name: 'dml',
    numbers: 'float16',
    groupNorm: { kind: 'fused', scales: 'float16' },
    attention: 'packed',
    integers: false,
    full: 'gpu',
    otherwise: ['gpu', 'cpu'],
  },
  portable: PORTABLE,
  portableHalf: {
    ...PORTABLE,
    name: 'portableHalf',
    numbers: 'float16',
    otherwise: ['portable', 'cpu'],
  },
};

/** The profiles whose graphs an execution provider may run, the fastest first. */
const PROFILES_OF: Readonly<Record<string, readonly ProfileName[]>> = {
  cpu: ['cpu'],
  cuda: ['cuda', 'gpu'],
  tensorrt: ['portableHalf', 'portable'],
  dml: ['dml', 'gpu'],
  webgpu: ['portableHalf', 'portable'],
};

export const profilesFor = (provider: string): readonly EmitProfile[] =>
  (PROFILES_OF[provider] ?? ['portable']).map((name) => EMIT_PROFILES[name]);
