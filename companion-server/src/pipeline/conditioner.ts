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

/** Port of the global branch of one edit: encodes text or an emotion direction as tokens for cross-attention. */
export interface Conditioner {
  readonly guidance: GuidanceScheme;
  /** Default scale of the published rules. */
  readonly guidanceScale: number;
  /** One result per candidate of an iteration, in order. */
  encode(candidates: readonly Candidate[], iteration: number): Promise<CandidateTokens[]>;
}
