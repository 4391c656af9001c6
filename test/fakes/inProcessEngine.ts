import type { Engine } from '@emoeditor/companion-server/engine/engine.ts';
import type { EngineModels } from '@emoeditor/companion-server/engine/engineModels.ts';
import {
  fitLayer,
  layerCompositorOf,
  takesOfFit,
} from '@emoeditor/companion-server/engine/layerFit.ts';
import { createModelRunner } from '@emoeditor/companion-server/engine/modelRunner.ts';
import { protocolErrorOf } from '@emoeditor/companion-server/errors.ts';
import { decodedBy } from '@emoeditor/companion-server/pipeline/decodedBy.ts';
import type { Editor } from '@emoeditor/companion-server/pipeline/edit.ts';

/** An engine without processes and threads: what the real one is compared with. */
export function createInProcessEngine(
  load: () => Promise<EngineModels>,
): Engine & Pick<Editor, 'decode'> {
  const runner = createModelRunner(load);
  const typed = (error: unknown) => {
    throw protocolErrorOf(error);
  };
  return {
    ...runner,
    async fit(edit, profile) {
      const decodedEdit = await decodedBy(runner, edit.decodedEdit, edit.extent);
      return (await fitLayer(...takesOfFit({ ...edit, decodedEdit }, profile)).catch(typed)).fit;
    },
    composite: async (fit, tile, place, settings) =>
      layerCompositorOf(fit).apply(tile, place, settings),
  };
}
