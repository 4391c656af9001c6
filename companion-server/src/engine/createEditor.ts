import { deliverEdit } from '../compositor/deliverEdit.ts';
import { resizePicture } from '../imaging/resizePicture.ts';
import type { Editor } from '../pipeline/edit.ts';
import { createEditPipeline, type EditPipelineParts } from '../pipeline/editPipeline.ts';

/** The pipeline with the product's own resampling and compositing, wherever its models come from. */
export const createEditor = (parts: Omit<EditPipelineParts, 'resize' | 'deliver'>): Editor =>
  createEditPipeline({ ...parts, resize: resizePicture, deliver: deliverEdit });
