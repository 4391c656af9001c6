import type { EditRequest, EmotionVector, ScenePlan } from '@emoeditor/shared';
import type { Tensor } from '../tensor/tensor.ts';
import type { DecodedEdit, Delivery } from './deliver.ts';
import type { Picture } from './edit.ts';
import type { EmotionEncoder } from './modelPorts.ts';
import type { SceneStage } from './sceneStage.ts';

/** What a plan did: the difference of ln P(target) to the source. */
export interface TriedPlan {
  readonly plan: ScenePlan;
  readonly rise: number;
}

/** The search for what to do to one scene. */
export interface SceneSearch {
  readonly stage: SceneStage;
  /** Whether the user has said which instruction or plan is to be carried out. */
  readonly isChosen: boolean;
  /** Weight of each pixel whose structure must stay, [H · W] in [0, 1] at working size. */
  readonly structure: Float32Array;
  /**
   * Plans to be tried next, likeliest first; none where the scene allows nothing, or nothing more.
   * @param direction target less what the picture evokes
   */
  propose(
    direction: EmotionVector,
    count: number,
    tried: readonly TriedPlan[],
  ): Promise<readonly ScenePlan[]>;
  /** The plan's instruction with other parameters and in other places: another for each number. */
  vary(plan: ScenePlan, number: number): ScenePlan;
  /** A layer at working size, planar RGB [3, H, W] in [0, 1], with the plan carried out on it. */
  draw(plan: ScenePlan, layer: Float32Array): Float32Array;
  /**
   * The same drawn on the stage and made as small: what stands in the file that is delivered, with all that is finer than
   * the working size.
   */
  drawDelivered(
    plan: ScenePlan,
    edit: DecodedEdit,
    delivery: Pick<Delivery, 'strength' | 'content'>,
  ): Promise<Float32Array>;
  /** The plan's instruction in words. */
  sentenceOf(plan: ScenePlan): string | null;
}

/** Port: what knows scenes and what may be added to them. */
export interface SceneStylist {
  /**
   * @param proxy as it came, at working size or larger
   * @param source at working size, [1, 3, H, W] in [0, 1]
   * @returns null when the request wants none, or the bundle leaves it off
   * @throws its own errors for a request that names what is not there; the signal's reason
   */
  open(
    request: EditRequest,
    proxy: Picture,
    source: Tensor,
    encoder: EmotionEncoder | undefined,
    signal: AbortSignal,
  ): Promise<SceneSearch | null>;
}
