import type { EmotionVector, SceneChoice } from '@emoeditor/shared';
import type { Plane } from '../../compositor/planes.ts';
import type { DrawablePlan } from '../drawablePlan.ts';
import type { SceneView } from '../elements/elementRenderer.ts';
import { renderScene } from '../elements/prepareScene.ts';
import { isRendered } from '../elements/renderers.ts';
import { lightOf, tonesOf } from '../elements/sceneView.ts';
import type { ScenePicture } from '../maps/readScene.ts';
import { type SceneMaps, shareOf } from '../maps/sceneMaps.ts';
import { hashOf } from './drawPlan.ts';
import type { ScoreParts } from './instructionScores.ts';
import { checkedPlan, createPlanner, type PlanFromOutside, type Tried } from './planner.ts';
import { type SceneFacts, sceneFacts } from './sceneFacts.ts';

export interface SceneSearchParts extends ScoreParts {
  /** Picture and maps of the same scene, of one size. */
  readonly read: { readonly picture: ScenePicture; readonly maps: SceneMaps };
  /** The photograph at working size. */
  readonly view: SceneView;
  readonly target: EmotionVector;
  readonly seed: number;
  readonly choice: SceneChoice | undefined;
  /** The emotion encoder's tokens for a direction in a row; null without an encoder. */
  encode(direction: EmotionVector): Promise<Float32Array | null>;
}

/** Least share of persons and things for which the structure is theirs alone. */
const SUBJECT = 0.04;

/** Plans for one scene: proposed, carried out at working size, and put in words. */
export function createSceneSearch(parts: SceneSearchParts) {
  const { read, view: seen, target, choice } = parts;
  const planner = createPlanner({ ...parts, isRendered });
  const facts = sceneFacts(read.maps, read.picture);
  const seed = seedFor(parts.seed, facts);
  const given = choice?.plan === undefined ? null : checkedPlan(choice.plan, isRendered);
  return {
    structure: structureOf(seen.maps),
    isChosen: given !== null || choice?.instruction !== undefined,
    async propose(
      direction: EmotionVector,
      count: number,
      tried: readonly { readonly plan: PlanFromOutside; readonly rise: number }[],
    ): Promise<DrawablePlan[]> {
      if (given !== null) return [given];
      const tokens = parts.leads.alignment > 0 ? await parts.encode(direction) : null;
      const learnt: Tried[] = tried.flatMap(({ plan: { instruction }, rise }) =>
        instruction === null ? [] : [{ instruction, rise }],
      );
      const search = { target, direction, tokens, facts, seed, tried: learnt };
      return planner.propose(choice === undefined ? search : { ...search, choice }, count);
    },
    vary: (plan: PlanFromOutside, number: number): DrawablePlan =>
      planner.vary(plan as DrawablePlan, (seed + number) >>> 0),
    draw(plan: PlanFromOutside, layer: Float32Array): Float32Array {
      const view = { ...seen, light: lightOf(layer) };
      return tonesOf(renderScene(view, plan as DrawablePlan).light);
    },
    sentenceOf: ({ instruction }: PlanFromOutside) =>
      instruction === null ? null : planner.sentenceOf(instruction),
  };
}

/** The seed mixed with the scene's facts, so that one seed does not give the same idea for every photograph. */
function seedFor(seed: number, facts: SceneFacts): number {
  const numbers = Object.values(facts).flatMap(({ low, high }) => [
    low.toFixed(2),
    high.toFixed(2),
  ]);
  return (seed ^ hashOf(numbers.join())) >>> 0;
}

/**
 * Structure that elements have to preserve: persons and things where there are some, else everything but the sky, which
 * may be replaced.
 */
function structureOf({ planes }: SceneMaps): Plane {
  if (shareOf(planes.subject) >= SUBJECT) return planes.subject;
  return planes.sky.map((sky) => 1 - sky);
}
