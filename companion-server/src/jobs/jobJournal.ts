import type { EditRequest, JobEnd } from '@emoeditor/shared';
import type { Picture } from '../pipeline/edit.ts';
import type { KeptIteration } from './job.ts';

/** What identifies a job and what it was asked to do. */
export interface JobOrder {
  readonly id: string;
  readonly requestId: string;
  readonly request: EditRequest;
  readonly proxy: Picture;
}

/** An iteration without what is made again when it is asked for. */
export type JournalledIteration = Omit<KeptIteration, 'fits'>;

/** A job as an earlier server left it. */
export interface JournalledJob extends JobOrder {
  /** In order, without gaps. */
  readonly iterations: readonly JournalledIteration[];
  /** Null for a job that had not ended: it is run again, and its iterations are not told twice. */
  readonly end: JobEnd | null;
}

/**
 * Port: keeps jobs beyond the life of the server until their clients have taken the results. Nothing here throws: a
 * journal that cannot be written is reported in the log, and the jobs run as they would without one.
 */
export interface JobJournal {
  /** The jobs of an earlier server, in the order in which they were submitted. Damaged ones are dropped. */
  recover(): Promise<readonly JournalledJob[]>;
  submitted(order: JobOrder): void;
  /** Resolves when the iteration would outlive the server. */
  iterated(jobId: string, iteration: JournalledIteration): Promise<void>;
  /** Resolves when the end would outlive the server. */
  ended(jobId: string, end: JobEnd): Promise<void>;
  /** Wipes all that is known of a job. */
  forget(jobId: string): void;
  /** Resolves when everything is written; what comes later is not. */
  close(): Promise<void>;
}

/** Jobs live as long as the server. */
export const NO_JOURNAL: JobJournal = {
  recover: async () => [],
  submitted() {},
  iterated: async () => {},
  ended: async () => {},
  forget() {},
  close: async () => {},
};
