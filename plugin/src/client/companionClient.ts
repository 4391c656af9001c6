import {
  type EditRequestInput,
  type EmotionVector,
  type JobMessage,
  type PixelBuffer,
  type ServerMessage,
  toBytes,
} from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';
import type { Clock } from '../clock.ts';
import { throwIfCancelled } from '../errors.ts';
import type {
  Companion,
  Composite,
  CompositeRequest,
  ConnectionState,
  EndedJob,
  JobObserver,
  LayerAt,
  PreviewFile,
} from './companion.ts';
import { CompanionLink, type LinkOptions } from './companionLink.ts';
import { connectionLost, notConnected, refusal, sendFailure } from './connectionErrors.ts';
import type { ClientChannel } from './handshake.ts';
import { keptJobs } from './keptJobs.ts';
import { type PendingAnswers, pendingAnswers } from './pendingAnswers.ts';
import { RemoteComposite } from './remoteComposite.ts';
import { RemoteJob } from './remoteJob.ts';

const PREDICT_TIMEOUT_MS = 60_000;
/** Includes the fit of the edit, and the wait for an engine that is busy with a job. */
const COMPOSITE_TIMEOUT_MS = 120_000;

/** The companion server over the wire protocol. */
export class CompanionClient implements Companion {
  readonly #link: CompanionLink;
  readonly #clock: Clock;
  readonly #jobs = new Set<RemoteJob>();
  readonly #kept = keptJobs();
  readonly #composites = new Set<RemoteComposite>();
  readonly #predictions: PendingAnswers<EmotionVector>;
  readonly #openings: PendingAnswers<string>;
  readonly #watchers = new Set<() => void>();
  #attached: ClientChannel | null = null;
  #lastRequest = 0;

  constructor(options: LinkOptions) {
    this.#clock = options.clock;
    this.#predictions = pendingAnswers(options.clock, PREDICT_TIMEOUT_MS, 'a reading');
    this.#openings = pendingAnswers(options.clock, COMPOSITE_TIMEOUT_MS, 'a result');
    this.#link = new CompanionLink(options);
    this.#link.onState = () => this.#onState();
    this.#link.onMessage = (message, bytes) => this.#onMessage(message, bytes);
    this.#link.start();
  }

  get connection(): ConnectionState {
    return this.#link.state;
  }

  watch(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  pair(code: string): Promise<void> {
    return this.#link.pair(code);
  }

  lookNow(): void {
    this.#link.lookNow();
  }

  /** Leaves the connection, if there is one, and looks for the server anew. */
  reconnect(): void {
    this.#link.choosePort(this.#link.port);
  }

  get port(): number | null {
    return this.#link.port;
  }

  choosePort(port: number | null): void {
    this.#link.choosePort(port);
  }

  close(): void {
    this.#link.stop();
  }

  async predict(proxy: PixelBuffer, signal: CancelSignal): Promise<EmotionVector> {
    const channel = this.#ready();
    const requestId = this.#nextRequest();
    return this.#predictions.ask(requestId, signal, () =>
      channel
        .sendWithBytes(
          (stream) => ({ type: 'predict', requestId, proxy: proxy.format, stream }),
          toBytes(proxy),
          signal,
        )
        .catch((error: unknown) => {
          throw sendFailure(error);
        }),
    );
  }

  async readLayer(layer: LayerAt, signal: CancelSignal): Promise<EmotionVector> {
    const channel = this.#ready();
    const requestId = this.#nextRequest();
    return this.#predictions.ask(requestId, signal, () =>
      channel.send({ type: 'readLayer', requestId, ...layer }),
    );
  }

  async submit(
    edit: EditRequestInput,
    proxy: PixelBuffer,
    observer: JobObserver,
    signal: CancelSignal,
  ): Promise<EndedJob> {
    throwIfCancelled(signal);
    const channel = this.#ready();
    const requestId = this.#nextRequest();
    const job = new RemoteJob({ requestId, edit, proxy, observer, signal, clock: this.#clock });
    this.#jobs.add(job);
    try {
      job.attach(channel);
      const ended = await job.ended;
      this.#kept.add(ended.jobId, ended.state.iterations.length);
      return ended;
    } finally {
      this.#jobs.delete(job);
    }
  }

  async openComposite(request: CompositeRequest, signal: CancelSignal): Promise<Composite> {
    const channel = this.#ready();
    const composite: RemoteComposite = new RemoteComposite({
      open: (on) => this.#open(on, request, signal),
      signal,
      clock: this.#clock,
      onClosed: () => this.#composites.delete(composite),
    });
    this.#composites.add(composite);
    try {
      await composite.attach(channel);
    } catch (error) {
      composite.close();
      throw error;
    }
    return composite;
  }

  release(jobId: string): void {
    this.#kept.release(jobId, this.#link.channel);
  }

  #open(channel: ClientChannel, request: CompositeRequest, signal: CancelSignal): Promise<string> {
    const requestId = this.#nextRequest();
    return this.#openings.ask(requestId, signal, () =>
      channel.send({ type: 'openComposite', requestId, ...request }),
    );
  }

  #onState(): void {
    const { channel } = this.#link;
    if (channel !== this.#attached) {
      this.#attached = channel;
      if (channel === null) this.#onDrop();
      else this.#onConnected(channel);
    }
    for (const watcher of this.#watchers) watcher();
  }

  #onConnected(channel: ClientChannel): void {
    for (const job of this.#jobs) job.attach(channel);
    this.#kept.attach(channel);
    // After the jobs, which the server may have to take up first. What fails is told to whoever waits for its tiles.
    for (const composite of this.#composites) composite.attach(channel).catch(() => {});
  }

  #onDrop(): void {
    const error = connectionLost();
    for (const composite of this.#composites) composite.detach();
    for (const job of this.#jobs) job.detach();
    this.#predictions.rejectAll(error);
    this.#openings.rejectAll(error);
  }

  #onMessage(message: ServerMessage, bytes: Uint8Array | null): void {
    switch (message.type) {
      case 'predicted':
        this.#predictions.answer(message.requestId, message.distribution);
        return;
      case 'compositeOpened':
        this.#openings.answer(message.requestId, message.compositeId);
        return;
      case 'tileDone':
        if (bytes === null) return;
        this.#composite(message.compositeId)?.onTile(message.bounds, message.pixels, bytes);
        return;
      case 'error':
        this.#onError(message);
        return;
      default:
        if (isJobMessage(message)) this.#onJobMessage(message, bytes);
    }
  }

  #onJobMessage(message: JobMessage, bytes: Uint8Array | null): void {
    const job =
      message.type === 'jobQueued'
        ? this.#job(({ requestId }) => requestId === message.requestId)
        : this.#job(({ jobId }) => jobId === message.jobId);
    job?.onMessage(message);
    if (message.type === 'jobIteration' && bytes !== null) {
      job?.onPreview(message.report.index, previewOf(message, bytes));
    }
  }

  #onError({ requestId, jobId, compositeId, error }: ErrorMessage): void {
    if (requestId !== undefined) {
      const isKnown =
        this.#predictions.reject(requestId, refusal(error)) ||
        this.#openings.reject(requestId, refusal(error));
      if (!isKnown) this.#job((job) => job.requestId === requestId)?.onError(error);
    } else if (compositeId !== undefined) this.#composite(compositeId)?.fail(error);
    // JOB_ENDED answers a cancel that came too late: the job's own end is on its way.
    else if (jobId !== undefined && error.code !== 'JOB_ENDED') {
      this.#job((job) => job.jobId === jobId)?.onError(error);
    }
  }

  #job(matches: (job: RemoteJob) => boolean): RemoteJob | undefined {
    return [...this.#jobs].find(matches);
  }

  #composite(id: string): RemoteComposite | undefined {
    return [...this.#composites].find((composite) => composite.id === id);
  }

  #ready(): ClientChannel {
    const { channel } = this.#link;
    if (channel === null || channel.isClosed) throw notConnected();
    return channel;
  }

  #nextRequest(): string {
    this.#lastRequest += 1;
    return `r${this.#lastRequest}`;
  }
}

type ErrorMessage = Extract<ServerMessage, { type: 'error' }>;

function isJobMessage(message: ServerMessage): message is JobMessage {
  return message.type.startsWith('job') && message.type !== 'jobResumed';
}

function previewOf(
  message: Extract<ServerMessage, { type: 'jobIteration' }>,
  bytes: Uint8Array,
): PreviewFile {
  return { mime: message.preview.mime, extent: message.preview.extent, bytes };
}
