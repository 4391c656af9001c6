import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import { type Advert, CLUSTER_PROTOCOL, type Offer } from '../messages.ts';
import { ALL_KEYS, ANY_BUNDLE, readJobSubject, STREAMS, subjects } from '../names.ts';
import { store } from '../store.ts';
import { answerCalls, type CallParts } from './answerCalls.ts';
import { tell } from './carryOut.ts';
import { createFleet } from './fleet.ts';
import { createLeases, type Lease } from './leases.ts';
import { jobOf, runLease, WorkerStops } from './runLease.ts';
import { sweepQueue } from './sweep.ts';
import { createTurns, placesInTurns, type Waiting } from './turns.ts';

export interface WorkerParts extends CallParts {
  /** Of the product. */
  readonly version: string;
}

/** An engine at work for a cluster. */
export interface ClusterWorker {
  /** What it says of itself. */
  readonly advert: Advert;
  /** Gives back what it runs and leaves. */
  stop(): Promise<void>;
}

const ADVERT_MS = 1000;
const SWEEP_MS = 5000;
/** How long an idle worker waits to be poked before it looks by itself. */
const LOOK_MS = 1000;
const AFTER_FAILURE_MS = 500;

/**
 * Starts to take edits out of the queue, one at a time; resolves when the models are loaded and gateways can know of it.
 * @throws ProtocolError when the models cannot be loaded
 */
export async function startClusterWorker(parts: WorkerParts): Promise<ClusterWorker> {
  const info = await parts.engine.ready();
  const bundle = info.bundle.id;
  const offer = { protocol: CLUSTER_PROTOCOL, version: parts.version, bundle, info: { ...info } };
  for (const name of [bundle, ANY_BUNDLE]) {
    await store(parts.link, subjects.bundle(name), JSON.stringify(offer));
  }
  return new Worker(parts, bundle, info.provider.name, offer);
}

class Worker implements ClusterWorker {
  readonly #parts: WorkerParts;
  readonly #bundle: string;
  readonly #provider: string;
  readonly #offer: Offer;
  readonly #fleet;
  readonly #leases;
  readonly #turns = createTurns();
  readonly #ends: (() => void)[];
  readonly #loop: Promise<void>;
  readonly #stopping = new AbortController();
  #running: {
    readonly artist: string;
    readonly key: string;
    readonly abort: AbortController;
  } | null = null;
  #ended = 0;
  /** What was told last, by artist. */
  #told = '';

  constructor(parts: WorkerParts, bundle: string, provider: string, offer: Offer) {
    this.#parts = parts;
    this.#bundle = bundle;
    this.#provider = provider;
    this.#offer = offer;
    const { link } = parts;
    this.#fleet = createFleet(link);
    this.#leases = createLeases(link, bundle);
    const every = (milliseconds: number, step: () => unknown) => {
      const timer = setInterval(step, milliseconds);
      return () => clearInterval(timer);
    };
    this.#ends = [
      answerCalls(parts, bundle),
      this.#hear('cancel.*.*', (key, artist) => this.#cancel(artist, key)),
      this.#hear('usage.*', (_key, artist, text) => this.#turns.used(artist, Number(text) || 0)),
      every(ADVERT_MS, () => this.#advertise()),
      every(SWEEP_MS, () => this.#sweep()),
      () => this.#fleet.close(),
    ];
    this.#advertise();
    this.#loop = this.#work();
  }

  get advert(): Advert {
    const { id, version } = this.#parts;
    const running = this.#running;
    return {
      ...{ id, version, protocol: CLUSTER_PROTOCOL },
      ...{ bundle: this.#bundle, provider: this.#provider, ended: this.#ended },
      running: running && { artist: running.artist, key: running.key },
    };
  }

  async stop(): Promise<void> {
    const reason = new WorkerStops();
    this.#stopping.abort(reason);
    this.#running?.abort.abort(reason);
    await this.#loop;
    for (const end of this.#ends) end();
  }

  async #work(): Promise<void> {
    const { link, log } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      // Listened for before the look, so that what comes in between is not missed.
      const poked = this.#poked();
      try {
        const lease = await this.#take();
        if (lease === null) await poked.wait();
        // What comes meanwhile is for the idle ones.
        poked.end();
        if (lease !== null) await this.#run(lease);
      } catch (error) {
        log.warn({ reason: messageOf(error) }, 'an edit was not carried out to its end');
        await pause(AFTER_FAILURE_MS);
        if (link.nc.isClosed()) return;
      } finally {
        poked.end();
      }
    }
  }

  /** One lease, of whoever's turn it is. */
  async #take(): Promise<Lease | null> {
    const waiting = await this.#waiting();
    for (const { artist } of waiting) {
      const lease = await this.#leases.next(artist);
      if (lease === null) continue;
      this.#turns.took(artist);
      // Another idle worker takes the next.
      if (waiting.reduce((sum, { count }) => sum + count, 0) > 1) this.#poke(artist);
      return lease;
    }
    return null;
  }

  async #run(lease: Lease): Promise<void> {
    const { link } = this.#parts;
    const job = jobOf(lease);
    // Nobody could ever carry it out.
    if (job === null) return lease.end();
    const { artist, key } = job;
    const abort = new AbortController();
    this.#running = { artist, key, abort };
    this.#advertise();
    try {
      const milliseconds = await runLease(this.#parts, lease, job, abort.signal);
      link.nc.publish(subjects.usage(artist), String(Math.round(milliseconds)));
    } finally {
      this.#running = null;
      this.#ended += 1;
      this.#advertise();
    }
  }

  /** What waits, in the order of turns. */
  async #waiting(): Promise<readonly Waiting[]> {
    const filter = { subjects_filter: subjects.jobsOf(this.#bundle) };
    const { state } = await this.#parts.link.jsm.streams.info(STREAMS.jobs, filter);
    const counts = new Map<string, number>();
    const add = (artist: string, count: number) =>
      counts.set(artist, (counts.get(artist) ?? 0) + count);
    for (const [subject, count] of Object.entries(state.subjects ?? {})) {
      const name = readJobSubject(subject);
      if (name !== null) add(name.artist, count);
    }
    const running = new Map<string, number>();
    for (const { running: one } of [...this.#others(), this.advert]) {
      if (one === null) continue;
      running.set(one.artist, (running.get(one.artist) ?? 0) + 1);
      // A work queue counts what is leased as well.
      if (state.subjects?.[subjects.job({ bundle: this.#bundle, ...one })] !== undefined) {
        add(one.artist, -1);
      }
    }
    const waiting = [...counts].map(([artist, count]) => ({ artist, count }));
    return this.#turns.order(
      waiting.filter(({ count }) => count > 0),
      running,
    );
  }

  #others(): readonly Advert[] {
    return this.#fleet.of(this.#bundle).filter(({ id }) => id !== this.#parts.id);
  }

  #advertise(): void {
    const { link } = this.#parts;
    if (link.nc.isClosed()) return;
    const { advert } = this;
    link.nc.publish(subjects.worker(advert.id), JSON.stringify(advert));
    const offer = JSON.stringify(this.#offer);
    for (const name of [this.#bundle, ANY_BUNDLE]) link.nc.publish(subjects.bundle(name), offer);
    if (this.#fleet.isFirst(advert)) void this.#tellPlaces().catch(() => {});
  }

  /** Tells who waits how many are ahead, when that has changed. */
  async #tellPlaces(): Promise<void> {
    const places = placesInTurns(await this.#waiting());
    const told = JSON.stringify([...places]);
    if (told === this.#told) return;
    this.#told = told;
    for (const [artist, its] of places) {
      tell(this.#parts.link, { artist, key: ALL_KEYS }, 'places', [...its]);
    }
  }

  #sweep(): void {
    if (!this.#fleet.isFirst(this.advert)) return;
    const { link, log } = this.#parts;
    sweepQueue(link, this.#bundle, this.#leases).catch((error: unknown) =>
      log.debug({ reason: messageOf(error) }, 'the queue was not swept'),
    );
  }

  #cancel(artist: string, key: string): void {
    const running = this.#running;
    if (running?.key === key && running.artist === artist) running.abort.abort();
  }

  #poke(artist: string): void {
    this.#parts.link.nc.publish(subjects.poke(this.#bundle), artist);
  }

  /** One of the idle workers is poked when an edit comes. */
  #poked(): { wait(): Promise<void>; end(): void } {
    const { nc } = this.#parts.link;
    let wake = () => {};
    const poked = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const subscription = nc.subscribe(subjects.poke(this.#bundle), {
      queue: 'idle',
      max: 1,
      callback: () => wake(),
    });
    this.#stopping.signal.addEventListener('abort', wake);
    return {
      async wait() {
        const timer = setTimeout(wake, LOOK_MS);
        await poked;
        clearTimeout(timer);
      },
      end: () => {
        this.#stopping.signal.removeEventListener('abort', wake);
        if (!subscription.isClosed()) subscription.unsubscribe();
      },
    };
  }

  /** `<kind>.<artist>[.<key>]`. */
  #hear(subject: string, then: (key: string, artist: string, text: string) => void): () => void {
    const subscription = this.#parts.link.nc.subscribe(subject, {
      callback(error, message) {
        if (error !== null) return;
        const [, artist = '', key = ''] = message.subject.split('.');
        then(key, artist, message.string());
      },
    });
    return () => subscription.unsubscribe();
  }
}
