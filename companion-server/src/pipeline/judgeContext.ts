import type { EmotionTarget } from '@emoeditor/shared';
import type { Tensor } from '../tensor/tensor.ts';
import type { Critic } from './critic/critic.ts';
import type { Deliver } from './deliver.ts';
import type { IeiRules, Origin } from './ieiRules/rules.ts';
import type { SceneSearch, TriedPlan } from './sceneStylist.ts';

/** The search for a scene during one edit: what was tried so far stands in `tried`. */
export interface SceneTrials {
  readonly search: SceneSearch;
  readonly tried: TriedPlan[];
}

/** Inputs of judging that are the same for all iterations of an edit. */
export interface JudgeContext {
  readonly critic: Critic;
  readonly deliver: Deliver;
  readonly content: boolean;
  readonly rules: IeiRules;
  readonly origin: Origin;
  /** The source, [1, 3, H, W] in [0, 1]. */
  readonly source: Tensor;
  /** The source through the decoder that made the candidates. */
  readonly decodedSource: Tensor;
  readonly target: EmotionTarget;
  /** There where something may be added to the scene. */
  readonly scenes?: SceneTrials;
}
