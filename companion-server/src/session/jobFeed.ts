import {
  type ClientMessage,
  endMessage,
  type JobEnd,
  type Progress,
  type ServerMessage,
  type WireChannel,
} from '@emoeditor/shared';
import type { Job, JobListener, KeptIteration } from '../jobs/job.ts';

type Channel = WireChannel<ClientMessage, ServerMessage>;

/** A job's events as messages on one connection. */
export interface JobFeed extends JobListener {
  /** Sends what a session missed: iterations from that index on, then the state of the job (RS2). */
  catchUp(iterationsSeen: number): void;
}

export function createJobFeed(channel: Channel, job: Job): JobFeed {
  const { id: jobId } = job;
  let hasEnded = false;
  // Messages without pixels could overtake previews that wait for credit; this queue keeps the order (JB5, JB6).
  let line: Promise<void> = Promise.resolve();
  const inLine = (step: () => Promise<void> | void) => {
    // Sending fails once the connection is closed; the job continues (RS1).
    line = line.then(step).catch(() => {});
  };

  const feed: JobFeed = {
    queued: (position) =>
      channel.send({ type: 'jobQueued', requestId: job.requestId, jobId, position }),
    progress(progress: Progress) {
      if (!hasEnded) channel.send({ type: 'jobProgress', jobId, progress });
    },
    iteration({ report, preview }: KeptIteration) {
      inLine(() =>
        channel.sendWithBytes(
          (stream) => ({
            type: 'jobIteration',
            jobId,
            report,
            preview: { mime: 'image/jpeg', extent: preview.extent, stream },
          }),
          preview.jpeg,
        ),
      );
    },
    ended(end: JobEnd) {
      hasEnded = true;
      inLine(() => channel.send(endMessage(jobId, end)));
    },
    catchUp(iterationsSeen) {
      for (const iteration of job.iterations.slice(iterationsSeen)) feed.iteration(iteration);
      if (job.end !== null) return feed.ended(job.end);
      inLine(() => {
        const { state } = job;
        if (state.status === 'running' && state.progress !== null) feed.progress(state.progress);
      });
    },
  };
  return feed;
}
