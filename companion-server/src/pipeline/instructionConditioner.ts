import type { EmotionVector } from '@emoeditor/shared';
import type { CandidateTokens, Conditioner } from './conditioner.ts';
import { textAndImageScheme } from './guidance/textAndImageGuidance.ts';
import { instructionOrder } from './instructionOrder.ts';
import type { InstructionModel } from './modelPorts.ts';

const NOTHING = '';

/**
 * Text instructions, as InstructPix2Pix takes them: one per iteration, the same for all of its candidates, so that they
 * differ in strength and not in subject. All instructions that may be needed are encoded together before the first step,
 * so that the text encoder's memory is free while the UNet runs.
 */
export function createInstructionConditioner(
  model: InstructionModel,
  target: EmotionVector,
  seed: number,
): Conditioner {
  const order = instructionOrder(model.lists, target, seed);
  let reading: Promise<CandidateTokens[]> | null = null;
  const read = async () => {
    const [nullTokens, ...all] = await model.encode([NOTHING, ...order]);
    if (nullTokens === undefined) throw new RangeError('Expected tokens of an empty text.');
    return all.map((tokens) => ({ tokens, nullTokens }));
  };
  return {
    guidance: textAndImageScheme(model.imageGuidanceScale),
    guidanceScale: model.guidanceScale,
    published: { steps: model.publishedSteps },
    async encode(candidates, iteration) {
      reading ??= read();
      const all = await reading;
      const chosen = all[iteration % all.length];
      if (chosen === undefined) throw new RangeError('Expected an instruction but there is none.');
      return candidates.map(() => chosen);
    },
  };
}
