import { deliverEdit } from '../compositor/deliverEdit.ts';
import { resizePicture } from '../imaging/resizePicture.ts';
import type { Editor } from '../pipeline/edit.ts';
import { createEditPipeline, type EditPipelineParts } from '../pipeline/editPipeline.ts';
import { createSceneStylist, type SceneBundle } from './sceneStylist.ts';

/** The pipeline with the product's own resampling and compositing, wherever its models come from. */
export function createEditor({ scene, ...parts }: EditorParts): Editor {
  return createEditPipeline({
    ...parts,
    ...(scene === undefined ? {} : { stylist: createSceneStylist(scene) }),
    resize: resizePicture,
    deliver: deliverEdit,
  });
}

export interface EditorParts extends Omit<EditPipelineParts, 'resize' | 'deliver' | 'stylist'> {
  /** What the bundle brings for scenes, if it does. */
  readonly scene?: SceneBundle;
}
