import type { EmotionVector } from '@emoeditor/shared';
import type { Conditioner } from './conditioner.ts';
import { encodeDirections } from './emotionDirection.ts';
import { TOKEN_GUIDANCE } from './guidance/createGuidance.ts';
import { PAPER_SETTINGS } from './ieiRules/paper.ts';
import type { EmotionEncoder } from './modelPorts.ts';

/**
 * Tokens of the emotion's direction, as EmoEditor conditions.
 * @param fixed a direction for every iteration instead of the rules': the target itself in the paper's one-hot ablation
 */
export function createDirectionConditioner(
  encoder: EmotionEncoder,
  fixed?: EmotionVector,
): Conditioner {
  return {
    guidance: TOKEN_GUIDANCE,
    guidanceScale: PAPER_SETTINGS.guidanceScale,
    async encode(candidates) {
      const directions = candidates.map(({ direction }) => fixed ?? direction);
      return (await encodeDirections(encoder, directions)).map((tokens) => ({ tokens }));
    },
  };
}
