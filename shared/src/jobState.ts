import type { EmotionVector } from './emotion.ts';
import type { IterationReport, Outcome, Progress } from './iteration.ts';
import type { ServerMessage } from './protocol/serverMessages.ts';
import type { WireError } from './protocol/wireErrors.ts';

/** Where a job stands, as the server keeps it and the panel shows it. */
export type JobState =
  | { readonly status: 'queued'; readonly position: number }
  | {
      readonly status: 'running';
      readonly progress: Progress | null;
      readonly iterations: readonly IterationReport[];
    }
  | {
      readonly status: 'succeeded';
      readonly iterations: readonly IterationReport[];
      readonly chosen: number;
      readonly outcome?: Outcome | undefined;
      readonly sourceDistribution: EmotionVector;
      readonly unetEvaluations: number;
      readonly timings: Readonly<Record<string, number>>;
    }
  | {
      readonly status: 'failed';
      readonly error: WireError;
      readonly iterations: readonly IterationReport[];
    }
  | { readonly status: 'cancelled'; readonly iterations: readonly IterationReport[] };

export type JobStatus = JobState['status'];

/** The server's messages that move a job from one state to the next. */
export type JobEvent = Extract<
  ServerMessage,
  {
    type:
      | 'jobQueued'
      | 'jobProgress'
      | 'jobIteration'
      | 'jobSucceeded'
      | 'jobFailed'
      | 'jobCancelled';
  }
>;

export function hasEnded(state: JobState): boolean {
  return state.status !== 'queued' && state.status !== 'running';
}

export function iterationsOf(state: JobState): readonly IterationReport[] {
  return state.status === 'queued' ? [] : state.iterations;
}

/**
 * The state after an event. An ended job stays as it ended, a fraction never falls, and an iteration sent twice
 * (after a resume) counts once: events may arrive late or again, never early.
 */
export function nextJobState(state: JobState, event: JobEvent): JobState {
  if (hasEnded(state)) return state;
  const iterations = iterationsOf(state);
  switch (event.type) {
    case 'jobQueued':
      return state.status === 'queued' ? { status: 'queued', position: event.position } : state;
    case 'jobProgress': {
      const before = state.status === 'running' ? (state.progress?.fraction ?? 0) : 0;
      const fraction = Math.max(before, event.progress.fraction);
      return { status: 'running', progress: { ...event.progress, fraction }, iterations };
    }
    case 'jobIteration': {
      const progress = state.status === 'running' ? state.progress : null;
      const isKnown = iterations.some(({ index }) => index === event.report.index);
      return {
        status: 'running',
        progress,
        iterations: isKnown ? iterations : [...iterations, event.report],
      };
    }
    case 'jobSucceeded': {
      const { type: _type, jobId: _jobId, ...result } = event;
      return { status: 'succeeded', ...result };
    }
    case 'jobFailed':
      return { status: 'failed', error: event.error, iterations };
    case 'jobCancelled':
      return { status: 'cancelled', iterations };
  }
}
