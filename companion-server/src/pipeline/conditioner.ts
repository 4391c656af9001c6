import type { Tensor } from '../tensor/tensor.ts';
import type { GuidanceScheme } from './guidance/guidance.ts';
import type { Candidate } from './ieiRules/rules.ts';

/** Conditioning tokens of one candidate. */
export interface CandidateTokens {
  /** [1, length, dim]. */
  readonly tokens: Tensor;
  /** Tokens of the unconditional prediction; zeros when left out. */
  readonly nullTokens?: Tensor;
}

/** Sampling that a model was published with: from pure noise, in so many steps. */
export interface PublishedSampling {
  readonly steps: number;
}

/** Port of the global branch of one edit: encodes text or an emotion direction as tokens for cross-attention. */
export interface Conditioner {
  readonly guidance: GuidanceScheme;
  /** Default scale of the published rules. */
  readonly guidanceScale: number;
  /** How the model's authors sample, where that is not as the published rules do. */
  readonly published?: PublishedSampling;
  /** One result per candidate of an iteration, in order. */
  encode(candidates: readonly Candidate[], iteration: number): Promise<CandidateTokens[]>;
}
