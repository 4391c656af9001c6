import type { Compositor } from '../compositor/compositor.ts';
import { editInSpace } from '../compositor/fit/editInSpace.ts';
import { type EditFit, fitEdit } from '../compositor/fit/fitEdit.ts';
import { compositorOf } from '../compositor/tile/tileCompositor.ts';
import { protocolErrorOf } from '../errors.ts';
import { resizePicture } from '../imaging/resizePicture.ts';
import { decodedBy } from '../pipeline/decodedBy.ts';
import type { Editor } from '../pipeline/edit.ts';
import { imageOf, toWorkingSize } from '../pipeline/preprocess.ts';
import { createEditor } from './createEditor.ts';
import type { Engine } from './engine.ts';
import type { EngineModels } from './engineModels.ts';

interface Loaded {
  readonly parts: EngineModels;
  readonly editor: Editor;
}

export interface InProcessEngine extends Engine, Pick<Editor, 'decode'> {}

/** The pipeline, the predictor and the compositor in this very process. */
export function createInProcessEngine(load: () => Promise<EngineModels>): InProcessEngine {
  let loading: Promise<Loaded> | null = null;
  // Keyed by the fit object: when its owner drops it, the kernel's memory is collected too.
  const compositors = new WeakMap<EditFit, Compositor>();

  function loaded(): Promise<Loaded> {
    loading ??= load().then(
      (parts) => ({ parts, editor: editorOf(parts) }),
      (error: unknown) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  }

  const decode: Editor['decode'] = async (...takes) => (await loaded()).editor.decode(...takes);

  return {
    ready: () =>
      typed(async () => {
        const { parts } = await loaded();
        return { bundle: parts.models.info, provider: parts.provider };
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
    decode: (...takes) => typed(() => decode(...takes)),
    fit: (edit, profile) =>
      typed(async () => {
        const decodedEdit = await decodedBy({ decode }, edit.decodedEdit, edit.extent);
        const working = await editInSpace({ ...edit, decodedEdit }, profile);
        return fitEdit(working, { profile, ...edit.delivery });
      }),
    composite: (fit, tile, place, settings) =>
      typed(async () => {
        const compositor = compositors.get(fit) ?? compositorOf(fit);
        compositors.set(fit, compositor);
        return compositor.apply(tile, place, settings);
      }),
    async close() {
      const ending = loading;
      loading = null;
      await (await ending?.catch(() => null))?.parts.release();
    },
  };
}

function editorOf({ models, fast, acceptance }: EngineModels): Editor {
  return createEditor({
    models,
    ...(fast === undefined ? {} : { fast }),
    ...(acceptance === undefined ? {} : { acceptance }),
  });
}

async function typed<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw protocolErrorOf(error);
  }
}
