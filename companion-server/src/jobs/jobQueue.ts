/** One job as the queue sees it. */
export interface QueuedWork {
  /** Whose job it is: owners take turns. */
  readonly owner: unknown;
  /** Called when its turn comes; the next one starts when it has settled. Does not throw. */
  run(): Promise<void>;
  /** Another number of jobs is ahead of it than before; 0 runs next. */
  moved(position: number): void;
}

/** Port: the order in which jobs run. */
export interface JobQueue {
  /** Jobs that wait; the one that runs is not among them. */
  readonly waiting: number;
  /** @returns the number of waiting jobs ahead of it; the work starts later than this call returns */
  add(work: QueuedWork): number;
  /** Takes out work that has not started. @returns false when it has */
  remove(work: QueuedWork): boolean;
}
