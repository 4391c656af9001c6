import type { ClientMessage, ServerMessage, WireChannel } from '@emoeditor/shared';
import type { Jobs } from '../jobs/jobs.ts';
import { createJobFeed } from './jobFeed.ts';

/** The jobs that one connection hears of. */
export interface FollowedJobs {
  /**
   * Tells what has happened to the job since, and from now on all that will; nothing when it is followed already (RS3).
   * @throws ProtocolError UNKNOWN_JOB
   */
  follow(jobId: string, iterationsSeen: number): void;
  /** The connection hears of none any more. */
  leaveAll(): void;
}

export function createFollowedJobs(
  channel: WireChannel<ClientMessage, ServerMessage>,
  jobs: Jobs,
): FollowedJobs {
  /** Ways to stop hearing of a job, by its id. */
  const followed = new Map<string, () => void>();

  function leave(jobId: string): void {
    followed.get(jobId)?.();
    followed.delete(jobId);
  }

  return {
    follow(jobId, iterationsSeen) {
      if (followed.has(jobId)) return;
      const job = jobs.find(jobId);
      const feed = createJobFeed(channel, job);
      let isForgotten = false;
      feed.catchUp(iterationsSeen);
      const unwatch = jobs.watch(job, {
        ...feed,
        ended(end) {
          feed.ended(end);
          if (isForgotten) leave(jobId);
        },
        // A connection may last for days: what nobody can ask for any more is let go.
        forgotten() {
          isForgotten = true;
          if (job.end !== null) leave(jobId);
        },
      });
      followed.set(jobId, unwatch);
    },
    leaveAll() {
      for (const jobId of [...followed.keys()]) leave(jobId);
    },
  };
}
