import type { EditRequest } from '@emoeditor/shared';
import { targetDistribution } from '@emoeditor/shared';
import type { Conditioner } from './conditioner.ts';
import { createDirectionConditioner } from './directionConditioner.ts';
import { createInstructionConditioner } from './instructionConditioner.ts';
import type { ModelSet } from './modelPorts.ts';
import { PipelineError } from './pipelineError.ts';

/** Kinds of conditioning; the rows of the paper's ablation table. */
export const CONDITIONINGS = ['direction', 'one-hot', 'text'] as const;
export type ConditioningKind = (typeof CONDITIONINGS)[number];

/** Switches off parts of the method, to measure their contribution. */
export interface Ablation {
  /**
   * `direction`: target − what the picture evokes now; `one-hot`: the target alone; `text`: an instruction. What the
   * bundle is made for when left out.
   */
  readonly conditioning?: ConditioningKind;
  /** False: one iteration, whatever the critic's verdict. */
  readonly iei?: boolean;
}

/** @throws PipelineError NOT_IN_BUNDLE when the bundle has no encoder for that */
export function createConditioner(
  {
    info,
    emotionEncoder,
    instructions,
  }: Pick<ModelSet, 'info' | 'emotionEncoder' | 'instructions'>,
  { target, seed }: EditRequest,
  { conditioning = info.kind === 'instruction' ? 'text' : 'direction' }: Ablation = {},
): Conditioner {
  const goal = targetDistribution(target);
  if (conditioning === 'text') {
    if (instructions !== undefined) return createInstructionConditioner(instructions, goal, seed);
    throw missing(info.name, conditioning, 'text encoder');
  }
  if (emotionEncoder === undefined) throw missing(info.name, conditioning, 'emotion encoder');
  return createDirectionConditioner(emotionEncoder, conditioning === 'one-hot' ? goal : undefined);
}

const missing = (bundle: string, conditioning: ConditioningKind, part: string) =>
  new PipelineError(
    'NOT_IN_BUNDLE',
    `Expected a bundle with ${part === 'text encoder' ? 'a' : 'an'} ${part}, which the conditioning “${conditioning}” needs, but “${bundle}” has none.`,
    conditioning === 'text'
      ? 'Use a bundle that was imported with its text encoder, such as InstructPix2Pix.'
      : 'Use a bundle of the kind emotion-direction.',
  );
