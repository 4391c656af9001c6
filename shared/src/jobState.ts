import type { EmotionVector } from './emotion.ts';
import type { IterationReport, Outcome, Progress } from './iteration.ts';
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

type Succeeded = Extract<JobState, { status: 'succeeded' }>;

/** How a job ends; see {@link nextJobState}. */
export type JobEnd =
  | ({ readonly type: 'succeeded' } & Omit<Succeeded, 'status'>)
  | { readonly type: 'failed'; readonly error: WireError }
  | { readonly type: 'cancelled' };

/** What moves a job from one state to the next. The server makes them; the panel reads them off its messages. */
export type JobEvent =
  | { readonly type: 'queued'; readonly position: number }
  | { readonly type: 'started' }
  | { readonly type: 'progressed'; readonly progress: Progress }
  | { readonly type: 'iterated'; readonly report: IterationReport }
  | JobEnd;

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
    case 'queued':
      return state.status === 'queued' ? { status: 'queued', position: event.position } : state;
    case 'started':
      return state.status === 'queued' ? { status: 'running', progress: null, iterations } : state;
    case 'progressed': {
      const before = state.status === 'running' ? (state.progress?.fraction ?? 0) : 0;
      const fraction = Math.max(before, event.progress.fraction);
      return { status: 'running', progress: { ...event.progress, fraction }, iterations };
    }
    case 'iterated': {
      const progress = state.status === 'running' ? state.progress : null;
      const isKnown = iterations.some(({ index }) => index === event.report.index);
      return {
        status: 'running',
        progress,
        iterations: isKnown ? iterations : [...iterations, event.report],
      };
    }
    case 'succeeded': {
      const { type: status, ...result } = event;
      return { status, ...result };
    }
    case 'failed':
      return { status: 'failed', error: event.error, iterations };
    case 'cancelled':
      return { status: 'cancelled', iterations };
  }
}
