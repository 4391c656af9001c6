import type { JobEnd, JobEvent } from './jobState.ts';
import type { ServerMessage } from './protocol/serverMessages.ts';

/** The server's messages that move a job from one state to the next. */
export type JobMessage = Extract<
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

/** What a message says of the job's state. */
export function jobEventOf(message: JobMessage): JobEvent {
  switch (message.type) {
    case 'jobQueued':
      return { type: 'queued', position: message.position };
    case 'jobProgress':
      return { type: 'progressed', progress: message.progress };
    case 'jobIteration':
      return { type: 'iterated', report: message.report };
    case 'jobSucceeded': {
      const { jobId: _jobId, ...result } = message;
      return { ...result, type: 'succeeded' };
    }
    case 'jobFailed':
      return { type: 'failed', error: message.error };
    case 'jobCancelled':
      return { type: 'cancelled' };
  }
}

/** The message by which a client hears how a job ended. */
export function endMessage(jobId: string, end: JobEnd): JobMessage {
  switch (end.type) {
    case 'succeeded':
      return { ...end, type: 'jobSucceeded', jobId, iterations: [...end.iterations] };
    case 'failed':
      return { type: 'jobFailed', jobId, error: end.error };
    case 'cancelled':
      return { type: 'jobCancelled', jobId };
  }
}
