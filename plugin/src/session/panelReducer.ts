import { nextJobState } from '@emoeditor/shared';
import type { KnownError } from '../errors.ts';
import { allResults } from './keptResults.ts';
import type { PanelEvent } from './panelEvent.ts';
import {
  type Applied,
  type Frame,
  type PanelState,
  type Result,
  type Run,
  resultOf,
} from './panelState.ts';

/** The panel after an event. Pure; an event that does not fit the state changes nothing. */
export function panelReducer(state: PanelState, event: PanelEvent): PanelState {
  switch (event.type) {
    case 'connectionChanged':
      return { ...state, connection: event.connection };
    case 'layerChanged':
      return { ...state, active: event.active };
    case 'readingChanged':
      return { ...state, reading: event.reading };
    case 'layerRead':
      return { ...state, layerReading: event.reading };
    case 'chosen':
      return { ...state, choices: { ...state.choices, ...event.choices } };
    case 'captureStarted':
      return {
        ...state,
        notice: null,
        run: { kind: 'capturing', layer: event.layer, target: event.target },
        kept: allResults(state),
      };
    case 'editEnded':
      return state.run.kind === 'editing'
        ? { ...state, run: ended(state.run, event, 1 + greatestNumber(state.kept)) }
        : state;
    case 'resultShown':
      return withShown(state, event.jobId);
    case 'resultsForgotten':
      return { ...state, kept: state.kept.filter(({ jobId }) => !event.jobIds.includes(jobId)) };
    case 'stopped':
      return {
        ...state,
        run: afterStop(state.run, event.error),
        notice: event.error === null ? null : { error: event.error, retry: event.retry },
      };
    case 'noticeDismissed':
      return { ...state, notice: null };
    case 'applyStarted':
      return { ...state, notice: null, run: nextRun(state.run, event) };
    default:
      return { ...state, run: nextRun(state.run, event) };
  }
}

type RunEvent = Extract<
  PanelEvent,
  {
    type:
      | 'editStarted'
      | 'jobEvent'
      | 'previewArrived'
      | 'frameSelected'
      | 'applyStarted'
      | 'applyProgressed'
      | 'applyWaiting'
      | 'applied'
      | 'appliedFound'
      | 'cancelRequested';
  }
>;

function nextRun(run: Run, event: RunEvent): Run {
  switch (event.type) {
    case 'editStarted':
      return {
        kind: 'editing',
        subject: event.subject,
        job: { status: 'queued', position: 0 },
        frames: [],
        viewed: null,
        isCancelling: false,
      };
    case 'jobEvent':
      return run.kind === 'editing' ? { ...run, job: nextJobState(run.job, event.event) } : run;
    case 'previewArrived':
      return run.kind === 'editing' ? withPreview(run, event.index, event.picture) : run;
    case 'frameSelected':
      return withSelection(run, event.index);
    case 'applyStarted': {
      if (run.kind !== 'ended') return run;
      return {
        kind: 'applying',
        result: run.result,
        fraction: 0,
        etaMs: null,
        isWaiting: false,
        isCancelling: false,
      };
    }
    case 'applyProgressed':
      return run.kind === 'applying'
        ? {
            ...run,
            fraction: Math.max(run.fraction, event.fraction),
            etaMs: event.etaMs,
            isWaiting: false,
          }
        : run;
    case 'applyWaiting':
      return run.kind === 'applying' ? { ...run, isWaiting: true } : run;
    case 'applied':
      return run.kind === 'applying'
        ? { kind: 'ended', result: withApplied(run.result, event.applied) }
        : run;
    case 'appliedFound':
      return run.kind === 'ended' && run.result.applied !== event.applied
        ? { kind: 'ended', result: { ...run.result, applied: event.applied } }
        : run;
    case 'cancelRequested':
      return run.kind === 'editing' || run.kind === 'applying'
        ? { ...run, isCancelling: true }
        : run;
  }
}

/** Layers of before are remembered: an undo brings them back. */
const withApplied = (result: Result, applied: Applied): Result => ({
  ...result,
  applied,
  everApplied: [applied, ...result.everApplied],
});

type Editing = Extract<Run, { kind: 'editing' }>;

function withPreview(run: Editing, index: number, picture: string): Run {
  const report =
    run.job.status === 'queued'
      ? undefined
      : run.job.iterations.find((iteration) => iteration.index === index);
  if (report === undefined || run.frames.some((frame) => frame.report.index === index)) return run;
  return { ...run, frames: [...run.frames, { report, picture }] };
}

function ended(
  run: Editing,
  { job }: Extract<PanelEvent, { type: 'editEnded' }>,
  number: number,
): Run {
  const { state } = job;
  const best = mostConfident(run.frames);
  const chosen = state.status === 'succeeded' ? state.chosen : null;
  if (best === null) return { kind: 'idle' };
  return {
    kind: 'ended',
    result: {
      number,
      subject: run.subject,
      jobId: job.jobId,
      frames: run.frames,
      chosen,
      selected: chosen ?? best.report.index,
      sourceDistribution: state.status === 'succeeded' ? state.sourceDistribution : null,
      outcome: state.status === 'succeeded' ? (state.outcome ?? null) : null,
      applied: null,
      everApplied: [],
    },
  };
}

const greatestNumber = (results: readonly Result[]): number =>
  results.reduce((most, { number }) => Math.max(most, number), 0);

/** Shows a result that was kept; while something is being written, what is shown stays. */
function withShown(state: PanelState, jobId: string): PanelState {
  const result = state.kept.find((one) => one.jobId === jobId);
  if (result === undefined || state.run.kind === 'applying') return state;
  const kept = allResults(state).filter((one) => one !== result);
  return { ...state, run: { kind: 'ended', result }, kept };
}

function mostConfident(frames: readonly Frame[]): Frame | null {
  return frames.reduce<Frame | null>(
    (best, frame) => (best === null || frame.report.pTarget > best.report.pTarget ? frame : best),
    null,
  );
}

function withSelection(run: Run, index: number): Run {
  if (run.kind === 'editing') return { ...run, viewed: index };
  // While a result is being applied, what is applied stays what is shown.
  if (run.kind !== 'ended') return run;
  return { kind: 'ended', result: { ...run.result, selected: index } };
}

/** Where a stop leads: a failed apply keeps the result unless the server has lost it, a failed edit has none. */
function afterStop(run: Run, error: KnownError | null): Run {
  const result: Result | null = error?.code === 'UNKNOWN_JOB' ? null : resultOf(run);
  return result === null ? { kind: 'idle' } : { kind: 'ended', result };
}
