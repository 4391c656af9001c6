import {
  badMessage,
  CLOSE_CODES,
  type ClientMessage,
  type EmotionVector,
  type ProtocolError,
  type Refusal,
  type ServerMessage,
  type WireChannel,
} from '@emoeditor/shared';
import type { Engine } from '../engine/engine.ts';
import { protocolErrorOf } from '../errors.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { readLayer } from '../jobs/readLayer.ts';
import type { Log } from '../log.ts';
import { proxyFault, proxyPicture } from './admitPixels.ts';
import {
  type Authentication,
  type AuthenticationParts,
  answerTo,
  clientName,
  createAuthentication,
  type Introduction,
  notPaired,
} from './authentication.ts';
import { type Composites, createComposites } from './composites.ts';
import { createFollowedJobs, type FollowedJobs } from './followedJobs.ts';
import { notYetWelcome, type ServerName, welcome } from './handshake.ts';
import { createReadings } from './readings.ts';
import { noHello, type Owner, ownerOf } from './sessionErrors.ts';

export interface SessionParts extends AuthenticationParts {
  readonly jobs: Jobs;
  readonly engine: Engine;
  readonly server: ServerName;
  readonly log: Log;
  /** Origin header of the upgrade. */
  readonly origin?: string | undefined;
  /** The peer has proved its key. */
  readonly onPaired?: () => void;
  /** Milliseconds between two looks whether the key of the peer was revoked. */
  readonly recheckMs?: number;
  readonly onTile?: (milliseconds: number, bytes: number) => void;
}

type Phase = 'new' | 'judging' | 'proved' | 'welcome' | 'over';
const INTRODUCTIONS: readonly string[] = ['pair', 'pairProof', 'hello', 'proof'];

/** How long a connection may take to say a valid hello (HS7). */
const HELLO_MS = 10_000;
const RECHECK_MS = 10_000;
/** Messages that were not understood before the connection is given up (ER3). */
const MAX_REFUSED = 20;

/** Serves one connection from its first message to its end. Call it in the turn in which the channel was made. */
export function openSession(
  channel: WireChannel<ClientMessage, ServerMessage>,
  parts: SessionParts,
): void {
  new Session(channel, parts);
}

class Session {
  readonly #channel: WireChannel<ClientMessage, ServerMessage>;
  readonly #parts: SessionParts;
  readonly #composites: Composites;
  readonly #authentication: Authentication;
  readonly #controller = new AbortController();
  readonly #helloTimer: NodeJS.Timeout;
  readonly #followed: FollowedJobs;
  #phase: Phase = 'new';
  #client = '';
  #refused = 0;
  #recheck: NodeJS.Timeout | undefined;
  readonly #readings = createReadings();
  #notAdmitted: ProtocolError | null = null;

  constructor(channel: WireChannel<ClientMessage, ServerMessage>, parts: SessionParts) {
    this.#channel = channel;
    this.#parts = parts;
    this.#composites = createComposites({ channel, ...parts });
    this.#followed = createFollowedJobs(channel, parts.jobs);
    this.#authentication = createAuthentication(parts);
    this.#helloTimer = setTimeout(
      () => this.#end(noHello(HELLO_MS / 1000), CLOSE_CODES.unauthorised),
      HELLO_MS,
    );
    channel.admit = (message) => {
      this.#notAdmitted = this.#fault(message);
      return this.#notAdmitted;
    };
    channel.onMessage = (message, bytes) => this.#receive(message, bytes ?? new Uint8Array());
    channel.onRefused = (refusal) => this.#refuse(refusal);
    channel.onFault = (error) => {
      parts.log.warn({ code: error.code, reason: error.message }, 'connection broke the protocol');
      channel.send({ type: 'error', error: error.toWire() });
      this.#leave();
    };
    channel.onClose = () => this.#leave();
  }

  /** Why a message is refused before its pixels are held. */
  #fault(message: ClientMessage): ProtocolError | null {
    const { type } = message;
    if (type === 'ping') return null;
    if (INTRODUCTIONS.includes(type)) {
      return this.#phase === 'new' ? null : badMessage(`Expected no ${type} at this point.`);
    }
    if (this.#phase !== 'welcome') return notYetWelcome(type);
    if (type === 'submit' || type === 'predict') {
      return proxyFault(message.proxy, type === 'submit');
    }
    if (type === 'tile') return this.#composites.fault(message);
    return null;
  }

  #receive(message: ClientMessage, bytes: Uint8Array): void {
    if (this.#phase === 'over') return;
    try {
      this.#act(message, bytes);
    } catch (error) {
      this.#answerError(error, ownerOf(message));
    }
  }

  #act(message: ClientMessage, bytes: Uint8Array): void {
    const { jobs } = this.#parts;
    switch (message.type) {
      case 'pair':
      case 'pairProof':
      case 'hello':
      case 'proof':
        void this.#introduce(message);
        break;
      case 'ping':
        this.#channel.send({ type: 'pong', nonce: message.nonce });
        break;
      case 'submit': {
        const { requestId, edit: request, jobKey } = message;
        const proxy = proxyPicture(message.proxy, bytes);
        const job = jobs.submit({ requestId, request, proxy, owner: this, jobKey });
        const position = job.state.status === 'queued' ? job.state.position : 0;
        this.#channel.send({ type: 'jobQueued', requestId, jobId: job.id, position });
        this.#followed.follow(job.id, 0);
        break;
      }
      case 'predict':
        void this.#predict(message, bytes);
        break;
      case 'readLayer':
        void this.#readLayer(message);
        break;
      case 'cancel':
        jobs.cancel(message.jobId);
        break;
      case 'resume':
        this.#resume(message.jobId, message.iterationsSeen);
        break;
      case 'openComposite':
        this.#composites.open(message);
        break;
      case 'tile':
        this.#composites.tile(message, bytes);
        break;
      case 'closeComposite':
        this.#composites.close(message.compositeId);
        break;
      case 'release':
        jobs.release(message.jobId);
        break;
      case 'credit':
        // The channel has taken it already.
        break;
    }
  }

  async #introduce(message: Introduction): Promise<void> {
    this.#phase = 'judging';
    try {
      if (message.type === 'hello') this.#client = clientName(message);
      const answer = await answerTo(message, this.#authentication);
      if (answer?.type === 'paired') this.#parts.log.info({}, 'paired');
      if (this.#phase !== 'judging') return;
      if (answer === null) return await this.#welcome();
      this.#phase = 'new';
      this.#channel.send(answer);
    } catch (error) {
      const refusal = protocolErrorOf(error);
      this.#parts.log.warn({ step: message.type, code: refusal.code }, 'connection refused');
      const isMismatch = refusal.code === 'PROTOCOL_MISMATCH';
      this.#end(refusal, isMismatch ? CLOSE_CODES.protocolError : CLOSE_CODES.unauthorised);
    }
  }

  async #welcome(): Promise<void> {
    const { engine, jobs, log, server, onPaired } = this.#parts;
    this.#phase = 'proved';
    clearTimeout(this.#helloTimer);
    onPaired?.();
    try {
      const [info] = await Promise.all([engine.ready(), jobs.recover()]);
      const renewed = await this.#authentication.renew();
      if (this.#phase !== 'proved') return;
      this.#phase = 'welcome';
      this.#recheck = setInterval(
        () => void this.#expectKnown(),
        this.#parts.recheckMs ?? RECHECK_MS,
      );
      this.#channel.send(welcome(server, info, { origin: this.#parts.origin, renewed }));
      log.info({ client: this.#client }, 'connected');
    } catch (error) {
      this.#end(protocolErrorOf(error), CLOSE_CODES.unavailable);
    }
  }

  /** A key that is revoked ends its open connections too (SE10). */
  async #expectKnown(): Promise<void> {
    const isKnown = await this.#authentication.isStillKnown().catch(() => true);
    if (!isKnown) this.#end(notPaired(), CLOSE_CODES.unauthorised);
  }

  #predict({ requestId, proxy }: Extract<ClientMessage, { type: 'predict' }>, rgb: Uint8Array) {
    const { width, height } = proxy;
    const picture = { width, height, rgb };
    const { engine } = this.#parts;
    return this.#answerReading(requestId, (signal) => engine.predict(picture, signal));
  }

  #readLayer({ requestId, ...layer }: Extract<ClientMessage, { type: 'readLayer' }>) {
    const kept = this.#parts.jobs.iterationOf(layer.jobId, layer.iteration);
    const read = (signal: AbortSignal) => readLayer(this.#parts, kept, layer, signal);
    return this.#answerReading(requestId, read);
  }

  async #answerReading(
    requestId: string,
    read: (signal: AbortSignal) => Promise<EmotionVector>,
  ): Promise<void> {
    try {
      const { signal } = this.#controller;
      const distribution = await this.#readings.run(() => read(signal));
      this.#channel.send({ type: 'predicted', requestId, distribution });
    } catch (error) {
      this.#answerError(error, { requestId });
    }
  }

  #resume(jobId: string, iterationsSeen: number): void {
    const { status } = this.#parts.jobs.find(jobId).state;
    this.#channel.send({ type: 'jobResumed', jobId, status });
    this.#followed.follow(jobId, iterationsSeen);
  }

  #refuse({ error, stream: _stream, ...owner }: Refusal): void {
    this.#answerError(error, owner);
    // Whoever is paired may be too late for a tile or a job; a stranger has nothing to say but hello.
    if (error === this.#notAdmitted && this.#phase === 'welcome') return;
    this.#refused += 1;
    if (this.#refused > MAX_REFUSED) {
      this.#end(
        badMessage('Too many messages could not be understood.'),
        CLOSE_CODES.protocolError,
      );
    }
  }

  #answerError(error: unknown, owner: Owner): void {
    if (this.#phase === 'over') return;
    const wire = protocolErrorOf(error).toWire();
    if (wire.code === 'INTERNAL') this.#parts.log.error({ reason: wire.message }, 'request failed');
    this.#channel.send({ type: 'error', ...owner, error: wire });
  }

  #end(error: ProtocolError, code: number): void {
    if (this.#phase === 'over') return;
    this.#channel.send({ type: 'error', error: error.toWire() });
    this.#leave();
    this.#channel.close(code, error.code);
  }

  /** Jobs live on without us (RS1); composites do not (CM6). */
  #leave(): void {
    if (this.#phase === 'over') return;
    this.#phase = 'over';
    clearTimeout(this.#helloTimer);
    clearInterval(this.#recheck);
    this.#controller.abort();
    this.#composites.closeAll();
    this.#followed.leaveAll();
  }
}
