import type { EmotionPredictor } from '../models/modelPorts.ts';
import { rowOf } from '../tensor/ops.ts';
import type { Critic } from './critic.ts';
import { greyOf, ssim } from './ssim.ts';
import { targetProbability } from './targetProbability.ts';

/** A bundle's predictor for the emotion and SSIM for the structure. */
export function createEmotionCritic(predictor: EmotionPredictor): Critic {
  return {
    read: (images) => predictor.predict(images),
    async score(images, source, target) {
      const distributions = await predictor.predict(images);
      const original = greyOf(source);
      return distributions.map((distribution, index) => ({
        distribution,
        pTarget: targetProbability(target, distribution),
        ssim: ssim(original, greyOf(rowOf(images, index))),
      }));
    },
  };
}
