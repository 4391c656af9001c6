import { resizePicture } from '../imaging/resizePicture.ts';
import { findBundle } from '../models/bundleStore.ts';
import { loadModelSet } from '../models/loadModelSet.ts';
import type { Ablation } from '../pipeline/ablation.ts';
import { createEditPipeline } from '../pipeline/editPipeline.ts';
import { createRepainter } from '../pipeline/repaint.ts';
import type { LoadedEditor } from './editFile.ts';
import { wishedRuntime } from './wishedRuntime.ts';

/** The pipeline over a bundle, in this process: a command that ends soon needs no engine of its own. */
export async function loadEditor(
  bundle: string | null,
  signal: AbortSignal,
  ablation: Ablation = {},
): Promise<LoadedEditor> {
  const models = await loadModelSet(await findBundle(bundle), {
    signal,
    ...wishedRuntime(),
  });
  const { fast } = models.bundle;
  const editor = createEditPipeline({
    models,
    resize: resizePicture,
    ablation,
    ...(fast === undefined ? {} : { fast }),
  });
  return { editor, repainter: createRepainter({ models, ablation }), info: models.info };
}
