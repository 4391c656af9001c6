import { fitInSpace } from '@emoeditor/companion-server/compositor/fit/fitInSpace.ts';
import { compositorOf } from '@emoeditor/companion-server/compositor/tile/tileCompositor.ts';
import type { Engine } from '@emoeditor/companion-server/engine/engine.ts';
import type { EngineModels } from '@emoeditor/companion-server/engine/engineModels.ts';
import { createModelRunner } from '@emoeditor/companion-server/engine/modelRunner.ts';
import { protocolErrorOf } from '@emoeditor/companion-server/errors.ts';
import { decodedBy } from '@emoeditor/companion-server/pipeline/decodedBy.ts';

/** An engine without processes and threads: what the real one is compared with. */
export function createInProcessEngine(load: () => Promise<EngineModels>): Engine {
  const runner = createModelRunner(load);
  const typed = (error: unknown) => {
    throw protocolErrorOf(error);
  };
  return {
    ...runner,
    async fit(edit, profile) {
      const decodedEdit = await decodedBy(runner, edit.decodedEdit, edit.extent);
      const settings = { profile, ...edit.delivery };
      return (await fitInSpace({ ...edit, decodedEdit }, settings).catch(typed)).fit;
    },
    composite: async (fit, tile, place, settings) => compositorOf(fit).apply(tile, place, settings),
  };
}
