import { protocolErrorOf } from '../errors.ts';
import { resizePicture } from '../imaging/resizePicture.ts';
import type { Editor } from '../pipeline/edit.ts';
import { imageOf, toWorkingSize } from '../pipeline/preprocess.ts';
import { RunFailure } from '../runtime/runFailure.ts';
import { createEditor } from './createEditor.ts';
import type { Engine } from './engine.ts';
import type { EngineModels } from './engineModels.ts';
import { offeredInstructions } from './sceneStylist.ts';

interface Loaded {
  readonly parts: EngineModels;
  readonly editor: Editor;
}

/** The part of an engine that needs models. */
export interface ModelRunner
  extends Pick<Engine, 'ready' | 'edit' | 'predict' | 'close'>,
    Pick<Editor, 'decode'> {
  /** Loads the models' graphs before they are used, where that is cheap. Never rejects. */
  warmUp(): Promise<void>;
}

/** The pipeline and the predictor in this process; loads the models when first asked. */
export function createModelRunner(load: () => Promise<EngineModels>): ModelRunner {
  let loading: Promise<Loaded> | null = null;

  function loaded(): Promise<Loaded> {
    loading ??= load().then(
      (parts) => ({ parts, editor: createEditor(parts) }),
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  }

  return {
    ready: () =>
      typed(async () => {
        const { parts } = await loaded();
        const { models, provider, scene } = parts;
        const known = scene?.bank.instructions;
        const instructions =
          known === undefined ? {} : { instructions: offeredInstructions(known) };
        return { bundle: models.info, provider, ...instructions };
      }),
    edit: (request, proxy, events, signal) =>
      typed(async () => {
        const { editor } = await loaded();
        signal.throwIfAborted();
        const outcome = await editor.edit(request, proxy, events, signal);
        const { chosen, outcome: end, sourceDistribution, unetEvaluations, timings } = outcome;
        return { chosen, outcome: end, sourceDistribution, unetEvaluations, timings };
      }, signal),
    predict: (picture, signal) =>
      typed(async () => {
        const { parts } = await loaded();
        signal.throwIfAborted();
        const { predictor, info } = parts.models;
        // Predict at the size at which the critic judges edits, so that both predictions are comparable.
        const seen = await toWorkingSize(picture, info, resizePicture);
        const [distribution] = await predictor.predict(imageOf(seen));
        signal.throwIfAborted();
        if (distribution === undefined) throw new RangeError('The predictor gave no reading.');
        return distribution;
      }, signal),
    warmUp: () =>
      loaded()
        .then(({ parts }) => parts.warmUp?.())
        .catch(() => {}),
    decode: (...takes) => typed(async () => (await loaded()).editor.decode(...takes)),
    async close() {
      const ending = loading;
      loading = null;
      await (await ending?.catch(() => null))?.parts.release();
    },
  };
}

async function typed<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    // Whoever owns this process ends it.
    if (error instanceof RunFailure) throw error;
    throw protocolErrorOf(error);
  }
}
