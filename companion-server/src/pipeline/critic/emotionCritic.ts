import { rowOf } from '../../tensor/ops.ts';
import type { EmotionPredictor } from '../modelPorts.ts';
import type { Critic } from './critic.ts';
import { ssim } from './ssim.ts';
import { targetProbability } from './targetProbability.ts';
import { withinRegion } from './withinRegion.ts';

/**
 * A bundle's predictor for the emotion and SSIM for the structure.
 * @param region where the edit will show, [H · W] in [0, 1]: the emotion is then read from what will be seen, while
 * the structure is compared for the edit itself, or a small region could never differ enough
 */
export function createEmotionCritic(
  predictor: EmotionPredictor,
  region: Float32Array | null = null,
): Critic {
  return {
    read: (images) => predictor.predict(images),
    async score(images, source, target, structure) {
      const seen = region === null ? images : withinRegion(images, source, region);
      const distributions = await predictor.predict(seen);
      const compared = structure === undefined ? images : withinRegion(images, source, structure);
      return distributions.map((distribution, index) => ({
        distribution,
        pTarget: targetProbability(target, distribution),
        ssim: ssim(source, rowOf(compared, index)),
      }));
    },
  };
}
