import {
  bytesToHex,
  type EditRequestInput,
  type JobMessage,
  type JobState,
  jobEventOf,
  nextJobState,
  type PixelBuffer,
  ProtocolError,
  randomBytes,
  toBytes,
  type WireError,
} from '@emoeditor/shared';
import type { CancelSignal } from '../cancellation.ts';
import type { Clock } from '../clock.ts';
import { cancelled } from '../errors.ts';
import type { EndedJob, JobObserver, PreviewFile } from './companion.ts';
import { connectionLost, refusal, sendFailure } from './connectionErrors.ts';
import type { ClientChannel } from './handshake.ts';

/** How long an edit waits for its server to come back before it is given up. */
const RECONNECT_GRACE_MS = 45_000;
/** How often a job is submitted anew because the server has forgotten it. */
const MOST_SUBMISSIONS = 3;
/** Bytes of the random name of a job. */
const KEY_BYTES = 16;
/** A cancel that gets no answer ends the job on this side all the same. */
const CANCEL_GRACE_MS = 5_000;

export interface RemoteJobOptions {
  readonly requestId: string;
  readonly edit: EditRequestInput;
  readonly proxy: PixelBuffer;
  readonly observer: JobObserver;
  readonly signal: CancelSignal;
  readonly clock: Clock;
}

/** One edit on the server, followed over dropped connections and servers that are started again (RS1–RS5). */
export class RemoteJob {
  readonly requestId: string;
  readonly ended: Promise<EndedJob>;
  readonly #options: RemoteJobOptions;
  /** The server takes no second job of that name, however often it is submitted (RS5). */
  readonly #jobKey = bytesToHex(randomBytes(KEY_BYTES));
  #submissions = 0;
  #jobId: string | null = null;
  #state: JobState = { status: 'queued', position: 0 };
  #channel: ClientChannel | null = null;
  #previewsSeen = 0;
  #stopGrace: () => void = () => {};
  #resolve: (job: EndedJob) => void = () => {};
  #reject: (error: unknown) => void = () => {};

  constructor(options: RemoteJobOptions) {
    this.#options = options;
    this.requestId = options.requestId;
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    options.signal.addEventListener('abort', this.#onAbort);
  }

  /** Null until the server accepted the job. */
  get jobId(): string | null {
    return this.#jobId;
  }

  /** Submits, or resumes where it was (RS2). */
  attach(channel: ClientChannel): void {
    this.#stopGrace();
    this.#channel = channel;
    if (this.#jobId === null) this.#submit(channel);
    else {
      channel.send({ type: 'resume', jobId: this.#jobId, iterationsSeen: this.#previewsSeen });
    }
  }

  /** The connection went away; the job on the server lives on. */
  detach(): void {
    const { signal, clock } = this.#options;
    this.#channel = null;
    if (signal.aborted) this.#fail(cancelled());
    else this.#stopGrace = clock.after(RECONNECT_GRACE_MS, () => this.#fail(connectionLost()));
  }

  onMessage(message: JobMessage): void {
    const { observer, signal } = this.#options;
    const { jobId } = message;
    this.#jobId = jobId;
    // The cancel came before the server had given the job a name.
    if (message.type === 'jobQueued' && signal.aborted) {
      this.#channel?.send({ type: 'cancel', jobId });
    }
    const event = jobEventOf(message);
    this.#state = nextJobState(this.#state, event);
    observer.onEvent(event);
    const state = this.#state;
    if (state.status === 'failed') this.#fail(new ProtocolError(state.error));
    else if (state.status === 'succeeded') this.#end({ jobId, state });
    else if (state.status === 'cancelled') {
      if (state.iterations.length > 0) this.#end({ jobId, state });
      else this.#fail(cancelled());
    }
  }

  onPreview(index: number, preview: PreviewFile): void {
    this.#previewsSeen = Math.max(this.#previewsSeen, index + 1);
    this.#options.observer.onPreview(index, preview);
  }

  /** Refused; or unknown to the server that it was resumed on, which then gets it anew. */
  onError(error: WireError): void {
    const channel = this.#channel;
    const isForgotten = error.code === 'UNKNOWN_JOB' && !this.#options.signal.aborted;
    if (isForgotten && channel !== null && this.#submissions < MOST_SUBMISSIONS) {
      this.#submit(channel);
    } else this.#fail(refusal(error));
  }

  #submit(channel: ClientChannel): void {
    const { edit, proxy, signal } = this.#options;
    const named = { requestId: this.requestId, jobKey: this.#jobKey };
    this.#submissions += 1;
    channel
      .sendWithBytes(
        (stream) => ({ type: 'submit', ...named, edit, proxy: proxy.format, stream }),
        toBytes(proxy),
        signal,
      )
      .catch((error: unknown) => {
        // A dropped connection is waited out; anything else ends the job.
        if (signal.aborted) this.#fail(cancelled());
        else if (!channel.isClosed) this.#fail(sendFailure(error));
      });
  }

  readonly #onAbort = (): void => {
    const jobId = this.#jobId;
    if (jobId !== null) this.#channel?.send({ type: 'cancel', jobId });
    // Nobody is there to answer; otherwise the server says how it ended.
    if (this.#channel === null) this.#fail(cancelled());
    else {
      const { clock } = this.#options;
      this.#stopGrace = clock.after(CANCEL_GRACE_MS, () => this.#fail(cancelled()));
    }
  };

  #end(job: EndedJob): void {
    this.#stopListening();
    this.#resolve(job);
  }

  #fail(error: unknown): void {
    this.#stopListening();
    this.#reject(error);
  }

  #stopListening(): void {
    this.#stopGrace();
    this.#options.signal.removeEventListener('abort', this.#onAbort);
  }
}
