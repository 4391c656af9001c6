import type { ClientChannel } from './handshake.ts';

/** Edits that have ended and whose pictures the panel still shows: they live on the server until they are released. */
export interface KeptJobs {
  add(jobId: string, iterations: number): void;
  /** Lets the server forget a job, now or when it is back. */
  release(jobId: string, channel: ClientChannel | null): void;
  /** Tells a server that is back which jobs are still wanted (RS4) and which are not. */
  attach(channel: ClientChannel): void;
}

/** Releases that are said again to a server that is back: what was sent last may have been lost with the connection. */
const REMEMBERED = 32;

export function keptJobs(): KeptJobs {
  /** Number of iterations seen, by job. */
  const kept = new Map<string, number>();
  let released: readonly string[] = [];
  return {
    add: (jobId, iterations) => void kept.set(jobId, iterations),
    release(jobId, channel) {
      kept.delete(jobId);
      released = [...released, jobId].slice(-REMEMBERED);
      channel?.send({ type: 'release', jobId });
    },
    attach(channel) {
      for (const jobId of released) channel.send({ type: 'release', jobId });
      for (const [jobId, iterationsSeen] of kept) {
        channel.send({ type: 'resume', jobId, iterationsSeen });
      }
    },
  };
}
