import type { Tensor } from '../tensor/tensor.ts';
import type { GuidanceScheme } from './guidance/guidance.ts';
import type { CandidatePlan } from './ieiRules/rules.ts';

/** What one candidate is told about where the picture has to go. */
export interface Told {
  /** [1, length, dim]. */
  readonly tokens: Tensor;
  /** What would say nothing; zeros when left out. */
  readonly nullTokens?: Tensor;
}

/** Port of the global branch of one edit: words or a direction, as tokens for cross-attention. */
export interface Conditioner {
  readonly guidance: GuidanceScheme;
  /** What the published rules take where the request does not say. */
  readonly guidanceScale: number;
  /** One per candidate of a pass, in their order. */
  tell(candidates: readonly CandidatePlan[], iteration: number): Promise<Told[]>;
}
