import {
  describeTarget,
  type EditRequest,
  type EmotionVector,
  type IterationReport,
  measureGrain,
  type Progress,
} from '@emoeditor/shared';
import {
  type ColourCube,
  colourCube,
  encodeCube,
  isGlobalEnough,
} from '../compositor/colourCube.ts';
import type { WorkingEdit } from '../compositor/compositor.ts';
import { editInSpace } from '../compositor/fit/editInSpace.ts';
import { fitEdit } from '../compositor/fit/fitEdit.ts';
import { compositorOf } from '../compositor/tile/tileCompositor.ts';
import { writeWhole } from '../files/writeWhole.ts';
import type { EditableDocument, SourceChoice } from '../imaging/editableDocument.ts';
import { makeProxy } from '../imaging/makeProxy.ts';
import type { EditNote } from '../imaging/metadata/xmp.ts';
import { openDocument } from '../imaging/openDocument.ts';
import { decodedBy } from '../pipeline/decodedBy.ts';
import type { EditOutcome, Editor } from '../pipeline/edit.ts';
import type { BundleInfo } from '../pipeline/modelPorts.ts';
import type { Repainter } from '../pipeline/repaint.ts';
import { compositeResult, groupWanted } from './compositeResult.ts';
import { REFINEMENT, refineEdit } from './refineEdit.ts';
import { expectRoom, usableOutputs } from './usableOutput.ts';

export interface EditFileJob {
  readonly input: string;
  readonly output: string;
  /** What of a PSD is edited. */
  readonly source: SourceChoice;
  /** How a PSD gets the result: one layer, or a group of the colour change and of what it cannot explain. */
  readonly result: 'layer' | 'group';
  /** Whether the file's metadata say that it was edited by a model. */
  readonly aiNote: boolean;
  readonly request: EditRequest;
  /** 0 to 1.5; 1 is the edit as generated. */
  readonly intensity: number;
  readonly overwrite: boolean;
  /** Paints what the edit has added once more at twice the working size. */
  readonly refine: boolean;
  /** Where the grade goes as a `.cube` table, if it is global enough for one. */
  readonly cube: string | null;
}

/** What the models bring to an edit of a file. */
export interface LoadedEditor {
  readonly editor: Editor;
  readonly repainter: Repainter;
  readonly info: Pick<BundleInfo, 'name' | 'workingArea' | 'sizeMultiple'>;
}

export interface EditFileEvents {
  note(sentence: string): void;
  progress(progress: Progress): void;
  iteration(report: IterationReport): void;
}

export interface EditFileResult {
  readonly before: EmotionVector;
  readonly chosen: IterationReport;
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
  const proxy = await makeProxy(document.pixels, info.workingArea, info.sizeMultiple);
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
  const { extent, source, decodedSource } = outcome;
  const decodedEdit = await decodedBy(editor, chosen.decodedEdit, extent);
  const { profile } = document.pixels.format;
  const made = { extent, source, decodedSource, decodedEdit };
  const decoded = job.refine
    ? await refined(made, job, models, document, outcome, events, signal)
    : made;
  if (job.refine) clock.lap('refine');
  const working = await editInSpace(decoded, profile);
  const fit = fitEdit(working, { profile });
  const compositor = compositorOf(fit);
  clock.lap('fit');
  const { intensity } = job;
  const settings = { intensity, grain: measureGrain([document.pixels]) };
  const { pixels, content } = await compositeResult(
    { compositor, document, settings, isGroup: groupWanted(job, document, events.note) },
    (share) => events.progress(after(outcome, 'composite', Math.round(share * 100), 100)),
    signal,
  );
  clock.lap('composite');
  const layerName = `${describeTarget(job.request.target)} · ${Math.round(intensity * 100)} %`;
  const { bytes, notes } = await document.encode(pixels, {
    ...{ path: job.output, layerName, content },
    note: noteOf(job, models.info.name),
  });
  for (const note of notes) events.note(note);
  signal.throwIfAborted();
  await writeWhole(job.output, bytes, job);
  const cube = await writeCube(() => colourCube(fit, working, intensity), job, layerName, profile);
  clock.lap('write');
  return {
    before: outcome.sourceDistribution,
    chosen: chosen.report,
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

/** What is told of the work after the last iteration: the very end of the bar. */
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
  { pixels }: EditableDocument,
  outcome: EditOutcome,
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
  if (made === null) events.note('The edit is all colour: there is nothing new to refine.');
  return made ?? edit;
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

function createLaps(): { laps: Record<string, number>; lap(name: string): void } {
  const laps: Record<string, number> = {};
  let last = performance.now();
  return {
    laps,
    lap(name) {
      const now = performance.now();
      laps[name] = now - last;
      last = now;
    },
  };
}
