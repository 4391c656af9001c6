import { availableParallelism } from 'node:os';
import { createEditor } from '../engine/createEditor.ts';
import { type LoadedBundle, loadBundle } from '../engine/loadBundle.ts';
import { offeredInstructions } from '../engine/sceneStylist.ts';
import { createCompositorThreads } from '../engine/threads/compositorThreads.ts';
import { resizePicture } from '../imaging/resizePicture.ts';
import type { Ablation } from '../pipeline/ablation.ts';
import { imageOf, toWorkingSize } from '../pipeline/preprocess.ts';
import { createRepainter } from '../pipeline/repaint.ts';
import type { LoadedEditor } from './editJob.ts';
import { runtimePreference } from './runtimePreference.ts';

/** The pipeline over a bundle, in this process: a command that ends soon needs no engine of its own. */
export async function loadEditor(
  bundle: string | null,
  signal: AbortSignal,
  ablation: Ablation = {},
): Promise<LoadedEditor> {
  return editorOver(await loadBundle(bundle, { signal, ...runtimePreference() }), ablation);
}

/** The pipeline over models that are loaded already. */
export function editorOver(loaded: LoadedBundle, ablation: Ablation = {}): LoadedEditor {
  const { models } = loaded;
  return {
    editor: createEditor({ ...loaded, ablation }),
    repainter: createRepainter({ models, ablation }),
    async read(picture) {
      const seen = await toWorkingSize(picture, models.info, resizePicture);
      const [reading] = await models.predictor.predict(imageOf(seen));
      if (reading === undefined) throw new RangeError('The predictor gave no reading.');
      return reading;
    },
    compositing: createCompositorThreads(availableParallelism()),
    offers: loaded.scene === undefined ? [] : offeredInstructions(loaded.scene.bank.instructions),
    info: models.info,
  };
}
