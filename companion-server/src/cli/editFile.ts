import {
  describeTarget,
  type EditNote,
  type EmotionVector,
  type IterationReport,
  type Outcome,
} from '@emoeditor/shared';
import {
  type ColourCube,
  colourCube,
  encodeCube,
  isGlobalEnough,
} from '../compositor/colourCube.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { openDocument } from '../imaging/openDocument.ts';
import { overGrade } from '../imaging/psd/insertResult.ts';
import { compositeEdit } from './compositeEdit.ts';
import { resultKindFor } from './compositeResult.ts';
import type { EditFileEvents, EditFileJob, LoadedEditor } from './editJob.ts';
import { createLaps } from './laps.ts';
import { seenBy } from './seenBy.ts';
import { expectRoom, usableOutputs } from './usableOutput.ts';

export interface EditFileResult {
  readonly before: EmotionVector;
  /** The predictor's reading of the edited layer at full resolution and at the chosen intensity. */
  readonly delivered: EmotionVector;
  readonly chosen: IterationReport;
  readonly outcome: Outcome;
  readonly iterations: readonly IterationReport[];
  readonly unetEvaluations: number;
  readonly layerName: string;
  /** How well one table does the grade's work, in levels of 255, and whether it was written. */
  readonly cube: (ColourCube['error'] & { readonly isWritten: boolean }) | null;
  /** Milliseconds by stage, reading and writing of the file included. */
  readonly timings: Readonly<Record<string, number>>;
}

/**
 * The main job without Photoshop: a file in, the edited file out. The file is opened and the output checked before
 * any model is loaded, so a slip costs no time; the output appears whole or not at all.
 * @throws UsageError, FileError, ImageError, PipelineError, CompositorError, the loader's errors, the signal's reason
 */
export async function editFile(
  job: EditFileJob,
  load: () => Promise<LoadedEditor>,
  events: EditFileEvents,
  signal: AbortSignal,
): Promise<EditFileResult> {
  const clock = createLaps();
  await usableOutputs(job);
  const document = await openDocument(job.input, job.source);
  document.checkOutput(job.output);
  await expectRoom(job.output, document.pixels.format);
  for (const note of document.notes) events.note(note);
  clock.lap('read');
  const models = await load();
  const { editor, info } = models;
  clock.lap('load');
  signal.throwIfAborted();
  const proxy = await seenBy(models, job.request, document.pixels);
  clock.lap('proxy');
  const outcome = await editor.edit(
    job.request,
    proxy,
    { progress: events.progress, iteration: (report) => events.iteration(report) },
    signal,
  );
  const chosen = outcome.iterations[outcome.chosen];
  if (chosen === undefined) throw new RangeError('Expected a chosen iteration but there is none.');
  clock.lap('edit');
  const kind = resultKindFor(job, document, events.note);
  const made = { document, outcome, chosen, isGroup: kind === 'group' };
  const { fit, working, pixels, above } = await compositeEdit(
    job,
    models,
    made,
    clock,
    events,
    signal,
  );
  // The layer as it will be read again; the loop judged the same edit at working size.
  const whole = overGrade({ pixels, above });
  const delivered = await models.read(await seenBy(models, job.request, whole));
  clock.lap('reread');
  const layerName = `${describeTarget(job.request.target)} · ${Math.round(job.intensity * 100)} %`;
  const { bytes, notes } = await document.encode(pixels, {
    ...{ path: job.output, layerName, above, isSmartObject: kind === 'smart-object' },
    note: noteOf(job, info.name),
  });
  for (const note of notes) events.note(note);
  signal.throwIfAborted();
  await writeWhole(job.output, bytes, job);
  const cubeOf = () => colourCube(fit, working, job.intensity * fit.strength);
  const cube = await writeCube(cubeOf, job, layerName, pixels.format.profile);
  clock.lap('write');
  return {
    before: outcome.sourceDistribution,
    delivered,
    chosen: chosen.report,
    outcome: outcome.outcome,
    iterations: outcome.iterations.map(({ report }) => report),
    unetEvaluations: outcome.unetEvaluations,
    layerName,
    cube,
    timings: { ...outcome.timings, ...clock.laps },
  };
}

/** At intensity 0 there is no edit to tell of. */
function noteOf({ aiNote, intensity, request }: EditFileJob, model: string): EditNote | null {
  if (!aiNote || intensity === 0) return null;
  const { seed, target } = request;
  return { model, emotion: describeTarget(target), seed, intensity: Math.round(intensity * 100) };
}

async function writeCube(
  make: () => ColourCube,
  { cube: path, overwrite }: EditFileJob,
  title: string,
  profile: string,
): Promise<EditFileResult['cube']> {
  if (path === null) return null;
  const cube = make();
  const isWritten = isGlobalEnough(cube);
  if (isWritten) await writeWhole(path, encodeCube(cube, title, profile), { overwrite });
  return { ...cube.error, isWritten };
}
