import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ProtocolError } from '@emoeditor/shared';
import {
  type EditOrder,
  type EditSummary,
  type Engine,
  type EngineInfo,
  ServerCloses,
} from '../../engine/engine.ts';
import { unlessAborted } from '../../engine/engineCalls.ts';
import { takesOfFit } from '../../engine/layerFit.ts';
import { createCompositorThreads } from '../../engine/threads/compositorThreads.ts';
import { messageOf } from '../../errors.ts';
import { decodedBy } from '../../pipeline/decodedBy.ts';
import type { EditEvents, Editor } from '../../pipeline/edit.ts';
import type { ClusterLink } from '../link.ts';
import {
  type CallMessage,
  CLUSTER_PROTOCOL,
  type JobMessage,
  type JobRecord,
  type Offer,
  offerSchema,
  readMessage,
  type StoredObject,
} from '../messages.ts';
import { ANY_BUNDLE, STREAMS, subjects } from '../names.ts';
import { getObject, objectId, putObject } from '../objects.ts';
import { pack, unpack } from '../packed.ts';
import { type SealOf, sealsOfArtist } from '../sealing.ts';
import { newest } from '../store.ts';
import type { EditInput } from '../storedEdit.ts';
import type { EventListener } from './artistEvents.ts';
import { createClusterJobs } from './clusterJobs.ts';
import { createIterationReader, type IterationReader } from './iterationReader.ts';

export interface RemoteEngineOptions {
  readonly link: ClusterLink;
  readonly artist: string;
  /** Name of the bundle that workers must have loaded; any when null. */
  readonly bundle: string | null;
  /** Keys for pictures, base64url; null leaves them unsealed. */
  readonly keys: { readonly secret: string; readonly pool: string } | null;
  /** Of the product; workers of another are refused. */
  readonly version: string;
}

const KEY_BYTES = 16;
const READY_MS = 4000;
const READY_AGAIN_MS = 500;
/** How long the server may be away under a running edit. */
const PATIENCE = { ms: 120_000 } as const;

const never = new AbortController().signal;

/**
 * The engine as a gateway has it: edits, readings and decodings go to the workers of a cluster, fits and tiles are made
 * here. A fit is larger than the pictures that it is made of, and the photograph itself never leaves this machine.
 */
export function createRemoteEngine(options: RemoteEngineOptions): Engine {
  return new Remote(options);
}

class Remote implements Engine {
  readonly isShared = true;
  readonly #options: RemoteEngineOptions;
  readonly #jobs;
  readonly #compositor = createCompositorThreads();
  readonly #closing = new AbortController();
  /** The edit that was last on its way into the queue. */
  #sending: Promise<unknown> = Promise.resolve();
  /** Of the bundle that edits are sent to: that of the last offer. */
  #offer: Offer | null = null;

  constructor(options: RemoteEngineOptions) {
    this.#options = options;
    this.#jobs = createClusterJobs(options.link, options.artist);
  }

  async ready(): Promise<EngineInfo> {
    const { link, bundle } = this.#options;
    const name = bundle ?? this.#offer?.bundle ?? ANY_BUNDLE;
    const found =
      (await this.#offerOf(name)) ??
      // The bundle of before may be gone for good.
      (bundle === null && name !== ANY_BUNDLE ? await this.#offerOf(ANY_BUNDLE) : null);
    if (found === null) throw noWorker(bundle, link.nc.getServer());
    if (found.protocol !== CLUSTER_PROTOCOL)
      throw otherRelease(this.#options.version, found.version);
    this.#offer = found;
    return found.info as unknown as EngineInfo;
  }

  async edit(...takes: Parameters<Engine['edit']>): Promise<EditSummary> {
    const [, , , signal] = takes;
    signal.throwIfAborted();
    const key = takes[4]?.id.replaceAll('-', '') ?? newKey();
    // Whatever the server does meanwhile, who cancels is answered at once.
    try {
      return await unlessAborted(this.#edit(key, ...takes), signal);
    } catch (error) {
      if (signal.aborted && !(signal.reason instanceof ServerCloses)) this.#cancel(key);
      throw error;
    }
  }

  async #edit(
    key: string,
    ...[request, proxy, events, signal, order]: Parameters<Engine['edit']>
  ): Promise<EditSummary> {
    const { link, artist } = this.#options;
    const { share, sealOf } = this.#sealsOf(key);
    const fetch = (object: StoredObject) =>
      getObject(link, artist, object, sealOf, { ...PATIENCE, signal }).then(unpack);
    const inOrder = createIterationReader(fetch, events, signal);
    // Of an edit that this gateway sent before it was started again.
    let record = await this.#jobs.record(key);
    if (record === null) {
      const input: EditInput = { request, proxy };
      // One after the other, so that they wait in the order in which they came.
      const sent = this.#sending.then(() => this.#message(key, input, share, sealOf, signal));
      this.#sending = sent.catch(() => {});
      const job = await sent;
      record = await this.#jobs.run(job, listenerOf(events, order, inOrder, signal), signal);
    }
    await inOrder.read(record.iterations);
    return (await fetch(summaryIn(record))) as EditSummary;
  }

  async predict(
    ...[picture, signal]: Parameters<Engine['predict']>
  ): ReturnType<Engine['predict']> {
    return (await this.#call('predict', { picture }, signal)) as Awaited<
      ReturnType<Engine['predict']>
    >;
  }

  async decode(...[undecoded, extent]: Parameters<Editor['decode']>): Promise<Float32Array> {
    return (await this.#call('decode', { undecoded, extent }, never)) as Float32Array;
  }

  async fit(...[edit, profile]: Parameters<Engine['fit']>): ReturnType<Engine['fit']> {
    const decodedEdit = await decodedBy(this, edit.decodedEdit, edit.extent);
    return this.#compositor.fit(...takesOfFit({ ...edit, decodedEdit }, profile));
  }

  composite(...takes: Parameters<Engine['composite']>): ReturnType<Engine['composite']> {
    return this.#compositor.composite(...takes);
  }

  async close(): Promise<void> {
    this.#closing.abort(new ServerCloses());
    this.#jobs.close();
    await this.#compositor.close();
    await this.#options.link.close();
  }

  async #call(name: CallMessage['name'], input: object, signal: AbortSignal): Promise<unknown> {
    const { link, artist } = this.#options;
    signal.throwIfAborted();
    // Whoever waits for an answer is told at once that nobody is there.
    if (this.#offer === null) await this.ready();
    const key = newKey();
    const { share, sealOf } = this.#sealsOf(key);
    const both = AbortSignal.any([signal, this.#closing.signal]);
    const message = await this.#message(key, input, share, sealOf, both);
    const { answer, error } = await this.#jobs.call({ ...message, name }, both);
    if (error !== null) throw new ProtocolError(error);
    if (answer === null) throw new Error('Expected an answer or an error of a worker.');
    const value = await unpack(await getObject(link, artist, answer, sealOf, { signal: both }));
    return (value as { readonly value: unknown }).value;
  }

  async #message(
    key: string,
    input: object,
    share: string | null,
    sealOf: SealOf,
    signal: AbortSignal,
  ): Promise<JobMessage> {
    const { link, artist } = this.#options;
    const bundle = await this.#bundleFor(signal);
    const packed = await pack(input);
    const stored = await putObject(link, artist, objectId(key, 'in'), packed, sealOf, { signal });
    return { protocol: CLUSTER_PROTOCOL, bundle, artist, key, input: stored, share };
  }

  /** The bundle that edits go to. Waits for a worker: an edit that is run again may have outlived all that were there. */
  async #bundleFor(signal: AbortSignal): Promise<string> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#offer !== null) return this.#offer.bundle;
      await this.ready().catch((error: unknown) => {
        if (!(error instanceof ProtocolError) || !error.retryable) throw error;
        return pause(READY_AGAIN_MS);
      });
    }
  }

  #sealsOf(key: string): { readonly share: string | null; readonly sealOf: SealOf } {
    const { keys } = this.#options;
    if (keys === null) return { share: null, sealOf: null };
    return sealsOfArtist(keys.secret, keys.pool, key);
  }

  #cancel(key: string): void {
    const { log } = this.#options.link;
    this.#jobs
      .cancel(key)
      .catch((error: unknown) =>
        log.warn({ reason: messageOf(error) }, 'an edit was not cancelled in the cluster'),
      );
  }

  async #offerOf(bundle: string): Promise<Offer | null> {
    const { link } = this.#options;
    const subject = subjects.bundle(bundle);
    const message = await newest(link, STREAMS.fleet, subject, { ms: READY_MS });
    return message && readMessage(offerSchema, message.string());
  }
}

function listenerOf(
  events: EditEvents,
  order: EditOrder | undefined,
  iterations: IterationReader,
  signal: AbortSignal,
): EventListener {
  return (kind, value) => {
    if (signal.aborted) return;
    if (kind === 'progress') events.progress(value as Parameters<EditEvents['progress']>[0]);
    else if (kind === 'started') order?.started();
    else if (kind === 'places') order?.queued((value as readonly number[])[0] ?? 0);
    else if (kind === 'iterations') {
      iterations.read(value as readonly StoredObject[]).catch(() => {});
    }
  };
}

/** @throws ProtocolError for an edit that has no result */
function summaryIn({ state, error, summary }: JobRecord): StoredObject {
  if (state === 'done' && summary !== null) return summary;
  throw new ProtocolError(
    error ?? {
      code: 'INTERNAL',
      message: 'The edit was cancelled from elsewhere.',
      hint: 'Run it again.',
      retryable: true,
    },
  );
}

const newKey = () => randomBytes(KEY_BYTES).toString('hex');

const noWorker = (bundle: string | null, server: string) =>
  new ProtocolError({
    code: 'ENGINE_CRASHED',
    message: `No worker${bundle === null ? '' : ` with the bundle “${bundle}”`} is connected to NATS at ${server}.`,
    hint: 'Start “emoeditor worker” on the machine with the GPU.',
    retryable: true,
  });

const otherRelease = (own: string, theirs: string) =>
  new ProtocolError({
    code: 'PROTOCOL_MISMATCH',
    message: `Expected workers of release ${own} but those that are connected are of ${theirs}.`,
    hint: 'Install the same release of EmoEditor on both machines.',
    retryable: false,
  });
