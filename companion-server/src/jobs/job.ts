import {
  type EditRequest,
  type Extent,
  hasEnded,
  type IterationReport,
  type JobEnd,
  type JobEvent,
  type JobState,
  nextJobState,
  type Progress,
} from '@emoeditor/shared';
import type { LayerFit } from '../engine/layerFit.ts';
import type { IterationPictures } from '../pipeline/edit.ts';

/** A finished iteration with all that the film strip and the full-resolution layer need. */
export interface KeptIteration {
  readonly report: IterationReport;
  readonly preview: { readonly jpeg: Uint8Array; readonly extent: Extent };
  readonly edit: IterationPictures;
  /** By ICC profile, made when first asked for (CM5). */
  readonly fits: Map<string, Promise<LayerFit>>;
}

/** Receives all events of a job. */
export interface JobListener {
  queued(position: number): void;
  progress(progress: Progress): void;
  iteration(iteration: KeptIteration): void;
  ended(end: JobEnd): void;
  /** Its id is unknown from now on; where it still runs, its end is told yet. */
  forgotten?(): void;
}

/** Largest fraction of a job whose result is not there yet (JB4). */
const ALMOST = 0.999;

/** One edit from submission to its end, with its finished iterations. */
export class Job {
  readonly id: string;
  readonly requestId: string;
  readonly request: EditRequest;
  readonly iterations: KeptIteration[] = [];
  readonly listeners = new Set<JobListener>();
  readonly controller = new AbortController();
  /** The journal keeps the proxy as long as the job. */
  readonly #proxyBytes: number;
  #state: JobState;
  #end: JobEnd | null = null;

  constructor(id: string, requestId: string, request: EditRequest, proxyBytes = 0) {
    this.id = id;
    this.requestId = requestId;
    this.request = request;
    this.#proxyBytes = proxyBytes;
    this.#state = { status: 'queued', position: 0 };
  }

  get state(): JobState {
    return this.#state;
  }

  /** The event that ended it, once it has ended. */
  get end(): JobEnd | null {
    return this.#end;
  }

  queued(position: number): void {
    if (!this.#take({ type: 'queued', position })) return;
    for (const listener of this.listeners) listener.queued(position);
  }

  /** The queue starts the job. */
  started(): void {
    this.#take({ type: 'started' });
  }

  progressed(progress: Progress): void {
    const fraction = Math.min(ALMOST, progress.fraction);
    const isTaken = this.#take({ type: 'progressed', progress: { ...progress, fraction } });
    if (!isTaken || this.#state.status !== 'running') return;
    const { progress: newest } = this.#state;
    if (newest !== null) for (const listener of this.listeners) listener.progress(newest);
  }

  iterated(iteration: KeptIteration): void {
    if (!this.#take({ type: 'iterated', report: iteration.report })) return;
    this.iterations.push(iteration);
    for (const listener of this.listeners) listener.iteration(iteration);
  }

  /** The first end counts (JB6). */
  ended(end: JobEnd): void {
    if (!this.#take(end)) return;
    this.#end = end;
    for (const listener of this.listeners) listener.ended(end);
  }

  /** Bytes of the kept pictures and of the proxy; fits are not counted, because they are small in comparison. */
  get keptBytes(): number {
    const first = this.iterations[0]?.edit;
    const sources = first
      ? first.source.byteLength + first.decodedSource.byteLength + stageBytes(first)
      : 0;
    return this.iterations.reduce(
      (sum, { edit, preview }) => sum + bytesOf(edit) + preview.jpeg.byteLength,
      this.#proxyBytes + sources,
    );
  }

  /** Frees the pictures even if a connection still holds a reference to the job. */
  dropPictures(): void {
    this.iterations.length = 0;
  }

  #take(event: JobEvent): boolean {
    if (hasEnded(this.#state)) return false;
    this.#state = nextJobState(this.#state, event);
    return true;
  }
}

/** Bytes of a map for each pixel of the stage, about: they are read at a smaller size. */
const MAP_BYTES = 20;

const stageBytes = ({ stage }: IterationPictures) =>
  stage === undefined
    ? 0
    : stage.rgb.byteLength + MAP_BYTES * stage.extent.width * stage.extent.height;

function bytesOf({ decodedEdit }: IterationPictures): number {
  return decodedEdit instanceof Float32Array
    ? decodedEdit.byteLength
    : decodedEdit.latents.byteLength;
}
