import type { Tensor } from '../../tensor/tensor.ts';

/** Conditioning of one sample. */
export interface Conditioning {
  /** Tokens for cross-attention, [1, length, dim]. */
  readonly tokens: Tensor;
  /** Tokens of the unconditional prediction, of the same dims; zeros when left out. */
  readonly nullTokens?: Tensor;
  /** Latents of the source picture, [1, c, h, w]. */
  readonly imageLatents: Tensor;
}

/** How several noise predictions of one sample become the one that the scheduler steps with. */
export interface Guidance {
  /** Conditionings that each need a UNet evaluation; all run in one batch. */
  rows(conditioning: Conditioning): readonly Conditioning[];
  /** @param noisePreds one per row, in the order of `rows` */
  combine(noisePreds: readonly Float32Array[]): Float32Array;
}

/** A kind of guidance, for which each candidate has its own scale. */
export interface GuidanceScheme {
  /** Guidance of a scale; 1 is none: the conditional prediction as it is. */
  at(scale: number): Guidance;
  /** UNet evaluations a step that this costs. */
  evaluations(scale: number): number;
}
