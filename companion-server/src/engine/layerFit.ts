import type { ScenePlan } from '@emoeditor/shared';
import type { Compositor, WorkingEdit } from '../compositor/compositor.ts';
import type { EditFit, FitSettings } from '../compositor/fit/fitEdit.ts';
import { fitInSpace } from '../compositor/fit/fitInSpace.ts';
import { compositorOf } from '../compositor/tile/tileCompositor.ts';
import type { IterationPictures } from '../pipeline/edit.ts';
import type { SceneStage } from '../pipeline/sceneStage.ts';
import type { DrawablePlan } from '../scene/drawablePlan.ts';
import type { PreparedScene } from '../scene/elements/preparedScene.ts';
import { sceneCompositor } from '../scene/elements/sceneCompositor.ts';
import { type Stage, sceneOfLayer } from '../scene/planner/sceneOfLayer.ts';

/** All that a layer is composited by: the fit of its light and content, and its scene. Plain data. */
export interface LayerFit extends EditFit {
  readonly scene?: PreparedScene;
}

/** A plan, and the scene that it is carried out on. */
export interface PlannedScene {
  readonly stage: SceneStage;
  readonly plan: ScenePlan;
}

/**
 * Fits an edit in the space of its document, and prepares its scene.
 * @param edit in sRGB
 * @throws CompositorError UNKNOWN_PROFILE, BAD_EDIT; SceneError
 */
export async function fitLayer(
  edit: WorkingEdit,
  settings: Required<FitSettings>,
  scene: PlannedScene | null,
): Promise<{ readonly fit: LayerFit; readonly working: WorkingEdit }> {
  const { fit, working } = await fitInSpace(edit, settings);
  if (scene === null) return { fit, working };
  // The stylist made both: see createSceneStylist.
  const [stage, plan] = [scene.stage as Stage, scene.plan as DrawablePlan];
  return { fit: { ...fit, scene: sceneOfLayer(edit, settings, stage, plan) }, working };
}

/** What {@link fitLayer} takes of an iteration whose picture is decoded. */
export function takesOfFit(
  { delivery, stage, ...edit }: WorkingEdit & Pick<IterationPictures, 'delivery' | 'stage'>,
  profile: string,
): Parameters<typeof fitLayer> {
  const { strength, content, scene: plan } = delivery;
  const { extent, source, decodedSource, decodedEdit } = edit;
  const scene = stage === undefined || plan === undefined ? null : { stage, plan };
  return [{ extent, source, decodedSource, decodedEdit }, { profile, strength, content }, scene];
}

export function layerCompositorOf(fit: LayerFit): Compositor {
  const light = compositorOf(fit);
  return fit.scene === undefined ? light : sceneCompositor(light, fit.scene);
}
