import { measureGrain, type Progress } from '@emoeditor/shared';
import type { WorkingEdit } from '../compositor/compositor.ts';
import type { ApplyTile } from '../compositor/tile/compositeImage.ts';
import { fitLayer, type LayerFit, layerCompositorOf, takesOfFit } from '../engine/layerFit.ts';
import type { EditableDocument } from '../imaging/editableDocument.ts';
import { makeProxy } from '../imaging/makeProxy.ts';
import { decodedBy } from '../pipeline/decodedBy.ts';
import type { EditOutcome, IterationResult } from '../pipeline/edit.ts';
import { compositeResult, layersAbove } from './compositeResult.ts';
import type { EditFileEvents, EditFileJob, LoadedEditor } from './editJob.ts';
import type { Laps } from './laps.ts';
import { REFINEMENT, refineEdit } from './refineEdit.ts';

/** An edit of a file as far as the models went. */
interface Made {
  readonly document: EditableDocument;
  readonly outcome: EditOutcome;
  readonly chosen: IterationResult;
  readonly isGroup: boolean;
}

/** The chosen iteration at full resolution, with the fit that it was made by. */
export async function compositeEdit(
  job: EditFileJob,
  models: LoadedEditor,
  made: Made,
  clock: Laps,
  events: EditFileEvents,
  signal: AbortSignal,
) {
  const { document, outcome, chosen, isGroup } = made;
  const { extent, source, decodedSource, stage } = outcome;
  const decodedEdit = await decodedBy(models.editor, chosen.decodedEdit, extent);
  const { profile } = document.pixels.format;
  const { delivery } = chosen;
  const asMade = { extent, source, decodedSource, decodedEdit };
  const finest =
    job.refine && delivery.content
      ? await refined(asMade, job, models, made, events, signal)
      : asMade;
  if (job.refine) clock.lap('refine');
  if (job.refine && finest === asMade) events.note(NOTHING_NEW);
  const staged = stage === undefined ? {} : { stage };
  const { fit, working } = await fitLayer(
    ...takesOfFit({ ...finest, ...staged, delivery }, profile),
  );
  clock.lap('fit');
  const settings = {
    ...{ intensity: job.intensity, grain: measureGrain([document.pixels]) },
    ...(job.elements === null ? {} : { elements: job.elements }),
  };
  const { pixels, above } = await compositeResult(
    {
      ...{ apply: applierOf(fit, document, models), document, settings },
      above: isGroup ? layersAbove(delivery.content, fit.scene) : null,
    },
    (share) => events.progress(after(outcome, 'composite', Math.round(share * 100), 100)),
    signal,
  );
  clock.lap('composite');
  return { fit, working, pixels, above };
}

/** Pixels from which a picture is composited in threads: below, their start would take longer. */
const WORTH_THREADS = 1e6;

function applierOf(
  fit: LayerFit,
  { pixels: { format } }: EditableDocument,
  { compositing }: LoadedEditor,
): ApplyTile {
  if (format.width * format.height < WORTH_THREADS) return layerCompositorOf(fit).apply;
  return (tile, place, settings) => compositing.composite(fit, tile, place, settings);
}

const NOTHING_NEW = 'The edit is all colour: there is nothing new to refine.';

/** Progress after the last iteration: the last hundredth of the bar. */
const after = (
  { iterations: { length } }: EditOutcome,
  stage: Progress['stage'],
  step: number,
  steps: number,
): Progress => ({
  ...{ stage, iteration: length, maxIterations: length, step, steps },
  fraction: 0.99 + 0.01 * (step / steps),
});

async function refined(
  edit: WorkingEdit,
  { request }: EditFileJob,
  { repainter, info }: LoadedEditor,
  { document: { pixels }, outcome }: Made,
  events: EditFileEvents,
  signal: AbortSignal,
): Promise<WorkingEdit> {
  const finer = await makeProxy(pixels, info.workingArea * REFINEMENT ** 2, info.sizeMultiple);
  const made = await refineEdit(
    repainter,
    request,
    edit,
    finer,
    outcome.sourceDistribution,
    (done, steps) => events.progress(after(outcome, 'denoise', done, steps)),
    signal,
  );
  return made ?? edit;
}
