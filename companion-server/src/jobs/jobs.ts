import { randomUUID } from 'node:crypto';
import { type EditRequest, type JobEnd, MAX_JOBS_WAITING } from '@emoeditor/shared';
import { type Engine, ServerCloses } from '../engine/engine.ts';
import type { LayerFit } from '../engine/layerFit.ts';
import type { Picture } from '../pipeline/edit.ts';
import { Job, type JobListener, type KeptIteration } from './job.ts';
import { jobEnded, tooManyJobs, unknownIteration, unknownJob } from './jobErrors.ts';
import { type JobJournal, NO_JOURNAL } from './jobJournal.ts';
import type { JobQueue, QueuedWork } from './jobQueue.ts';
import { runJob } from './runJob.ts';

/** An edit as a client asks for it. */
export interface Submission {
  readonly requestId: string;
  readonly request: EditRequest;
  readonly proxy: Picture;
  /** Whose it is, for turns in the queue. */
  readonly owner: unknown;
  /** Name that the client gave the job; the same name again is the same job (RS5). */
  readonly jobKey?: string | undefined;
}

/** All edits that clients can still refer to. */
export interface Jobs {
  /** Number of waiting edits, without the running one. */
  readonly waiting: number;
  /** @throws ProtocolError BUSY when too many wait (JB10) */
  submit(submission: Submission): Job;
  /**
   * Takes up what an earlier server left in the journal; those that had not ended run again. Resolves when it is done,
   * at once the next time.
   */
  recover(): Promise<void>;
  /** @throws ProtocolError UNKNOWN_JOB */
  find(id: string): Job;
  /** @throws ProtocolError UNKNOWN_JOB, JOB_ENDED (CX3) */
  cancel(id: string): void;
  /** Ends it if it runs and forgets it; an unknown id is no error (JB8). */
  release(id: string): void;
  /** Sends the listener all further events. A watched job is not dropped as an orphan (RS4). */
  watch(job: Job, listener: JobListener): () => void;
  /** @throws ProtocolError UNKNOWN_JOB, UNKNOWN_ITERATION */
  iterationOf(id: string, iteration: number): KeptIteration;
  /**
   * Memoised fit of an iteration for an ICC profile; still works after the job was released.
   * @throws ProtocolError BAD_IMAGE for a profile that cannot be composited in
   */
  fitOf(iteration: KeptIteration, profile: string): Promise<LayerFit>;
  /** Stops all; what the journal holds of them stays, for the next server. */
  close(): Promise<void>;
}

export interface JobsOptions {
  readonly engine: Engine;
  readonly queue: JobQueue;
  readonly encodePreview: (picture: Picture) => Promise<Uint8Array>;
  /** None when left out. */
  readonly journal?: JobJournal;
  readonly limits?: Partial<JobLimits>;
  /** Called once for every job, with the milliseconds from its turn to its end. */
  readonly onEnd?: (jobId: string, end: JobEnd, milliseconds: number) => void;
}

export interface JobLimits {
  readonly maxWaiting: number;
  /** Bytes of the proxies of jobs that wait. */
  readonly waitingBytes: number;
  /** Ended jobs beyond so many, or pictures and proxies of them beyond so many bytes, are dropped, the oldest first. */
  readonly keptJobs: number;
  readonly keptBytes: number;
  /** How long a job lives with nobody connected to it. */
  readonly orphanMs: number;
}

const LIMITS: JobLimits = {
  maxWaiting: MAX_JOBS_WAITING,
  waitingBytes: 256 * 2 ** 20,
  keptJobs: 256,
  keptBytes: 256 * 2 ** 20,
  orphanMs: 5 * 60_000,
};

export function createJobs(options: JobsOptions): Jobs {
  return new KeptJobs(options);
}

class KeptJobs implements Jobs {
  readonly #options: JobsOptions;
  readonly #limits: JobLimits;
  readonly #journal: JobJournal;
  /** In the order of submission. */
  readonly #jobs = new Map<string, Job>();
  readonly #works = new Map<Job, QueuedWork>();
  /** Bytes of the proxies of those that wait. */
  readonly #proxies = new Map<Job, number>();
  readonly #orphans = new Map<Job, NodeJS.Timeout>();
  #recovered: Promise<void> | null = null;

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
    this.#journal = options.journal ?? NO_JOURNAL;
  }

  get waiting(): number {
    return this.#options.queue.waiting;
  }

  submit({ requestId, request, proxy, owner, jobKey }: Submission): Job {
    const known = jobKey === undefined ? undefined : this.#jobs.get(jobKey);
    if (known !== undefined) return known;
    this.#expectRoom(proxy);
    const job = new Job(jobKey ?? randomUUID(), requestId, request, bytesOf(proxy));
    this.#journal.submitted({ id: job.id, requestId, request, proxy });
    this.#add(job);
    this.#enqueue(job, proxy, owner);
    return job;
  }

  recover(): Promise<void> {
    this.#recovered ??= this.#recover();
    return this.#recovered;
  }

  async #recover(): Promise<void> {
    for (const { proxy, iterations, end, ...order } of await this.#journal.recover()) {
      const job = new Job(order.id, order.requestId, order.request, bytesOf(proxy));
      for (const iteration of iterations) job.iterated({ ...iteration, fits: new Map() });
      this.#add(job);
      if (end !== null) job.ended(end);
      // Nobody knows any more whose they were: they count as one owner's.
      else this.#enqueue(job, proxy, this);
    }
    this.#makeRoom();
  }

  find(id: string): Job {
    const job = this.#jobs.get(id);
    if (job === undefined) throw unknownJob(id);
    return job;
  }

  cancel(id: string): void {
    const job = this.find(id);
    if (job.end !== null) throw jobEnded(id);
    this.#stop(job);
  }

  release(id: string): void {
    const job = this.#jobs.get(id);
    if (job !== undefined) this.#forget(job);
  }

  watch(job: Job, listener: JobListener): () => void {
    clearTimeout(this.#orphans.get(job));
    this.#orphans.delete(job);
    job.listeners.add(listener);
    return () => {
      if (job.listeners.delete(listener) && job.listeners.size === 0) this.#leave(job);
    };
  }

  iterationOf(id: string, iteration: number): KeptIteration {
    const { iterations } = this.find(id);
    const kept = iterations[iteration];
    if (kept === undefined) throw unknownIteration(iteration, iterations.length);
    return kept;
  }

  async fitOf({ edit, fits }: KeptIteration, profile: string): Promise<LayerFit> {
    const known = fits.get(profile);
    if (known !== undefined) return known;
    const fit = this.#options.engine.fit(edit, profile);
    fits.set(profile, fit);
    // A failed fit is not memoised: the next call tries again.
    fit.catch(() => fits.delete(profile));
    return fit;
  }

  async close(): Promise<void> {
    const written = this.#journal.close();
    // What runs elsewhere goes on there, and is joined by the next server.
    for (const job of this.#jobs.values()) job.controller.abort(new ServerCloses());
    for (const job of [...this.#jobs.values()]) this.#forget(job);
    await written;
  }

  #expectRoom(proxy: Picture): void {
    const { maxWaiting, waitingBytes } = this.#limits;
    const { waiting } = this.#options.queue;
    const held = [...this.#proxies.values()].reduce((sum, bytes) => sum + bytes, 0);
    const isFull = waiting >= maxWaiting || (waiting > 0 && held + bytesOf(proxy) > waitingBytes);
    if (isFull) throw tooManyJobs(waiting);
  }

  #add(job: Job): void {
    this.#jobs.set(job.id, job);
    this.#leave(job);
  }

  #enqueue(job: Job, proxy: Picture, owner: unknown): void {
    const { queue } = this.#options;
    const work: QueuedWork = {
      owner,
      moved: (position) => job.queued(position),
      run: () => this.#run(job, proxy),
    };
    this.#works.set(job, work);
    this.#proxies.set(job, bytesOf(proxy));
    job.queued(queue.add(work));
  }

  async #run(job: Job, proxy: Picture): Promise<void> {
    const started = performance.now();
    this.#proxies.delete(job);
    await runJob(job, proxy, { ...this.#options, journal: this.#journal });
    this.#works.delete(job);
    if (job.end !== null) this.#options.onEnd?.(job.id, job.end, performance.now() - started);
    if (this.#jobs.has(job.id)) this.#makeRoom();
    else job.dropPictures();
  }

  #stop(job: Job): void {
    job.controller.abort();
    const work = this.#works.get(job);
    if (work === undefined || !this.#options.queue.remove(work)) return;
    this.#works.delete(job);
    this.#proxies.delete(job);
    const end = { type: 'cancelled' } as const;
    job.ended(end);
    void this.#journal.ended(job.id, end);
    if (job.end !== null) this.#options.onEnd?.(job.id, job.end, 0);
    this.#makeRoom();
  }

  #forget(job: Job): void {
    clearTimeout(this.#orphans.get(job));
    this.#orphans.delete(job);
    this.#jobs.delete(job.id);
    this.#journal.forget(job.id);
    if (job.end === null) this.#stop(job);
    else job.dropPictures();
    for (const listener of [...job.listeners]) listener.forgotten?.();
  }

  /** The last connection stopped watching, or none has started. */
  #leave(job: Job): void {
    if (!this.#jobs.has(job.id)) return;
    const timer = setTimeout(() => this.#forget(job), this.#limits.orphanMs);
    timer.unref();
    this.#orphans.set(job, timer);
  }

  #makeRoom(): void {
    const ended = [...this.#jobs.values()].filter(({ end }) => end !== null);
    const { keptJobs, keptBytes } = this.#limits;
    let bytes = ended.reduce((sum, job) => sum + job.keptBytes, 0);
    for (const [before, job] of ended.entries()) {
      if (ended.length - before <= keptJobs && bytes <= keptBytes) return;
      bytes -= job.keptBytes;
      this.#forget(job);
    }
  }
}

const bytesOf = ({ rgb, region }: Picture): number => rgb.byteLength + (region?.byteLength ?? 0);
