import type { EmotionTarget, EmotionVector } from '@emoeditor/shared';
import type { Tensor } from '../../tensor/tensor.ts';

/** What the critic says about one picture. */
export interface CriticReport {
  /** Probabilities over the eight. */
  readonly distribution: EmotionVector;
  /** Probability of the target, Σ wᵢ·pᵢ / max(w). */
  readonly pTarget: number;
  /** Structural similarity to the source, in [−1, 1]. */
  readonly ssim: number;
}

/** The judge inside IEI: is the emotion there, and is it still the same picture? */
export interface Critic {
  /** @param images [n, 3, H, W] in [0, 1] */
  read(images: Tensor): Promise<EmotionVector[]>;
  /**
   * @param images [n, 3, H, W] in [0, 1]
   * @param source the original picture, [1, 3, H, W] in [0, 1]
   * @param structure weight of each pixel whose structure counts, [H · W] in [0, 1]; all of them when left out
   */
  score(
    images: Tensor,
    source: Tensor,
    target: EmotionTarget,
    structure?: Float32Array,
  ): Promise<CriticReport[]>;
}
