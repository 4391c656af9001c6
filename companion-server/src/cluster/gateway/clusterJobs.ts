import { ProtocolError } from '@emoeditor/shared';
import type { ClusterLink } from '../link.ts';
import {
  CANCELLED,
  type CallMessage,
  type EventOf,
  type JobMessage,
  type JobRecord,
  readMessage,
  recordSchema,
} from '../messages.ts';
import { STREAMS, subjects } from '../names.ts';
import { newest, store, storeFirst } from '../store.ts';
import { createArtistEvents, type EventListener } from './artistEvents.ts';

/** An artist's edits, seen from the gateway. */
export interface ClusterJobs {
  /** How an edit ended, if it has. */
  record(key: string): Promise<JobRecord | null>;
  /**
   * Puts an edit into the queue, once however often it is asked, and waits for its record; what it tells meanwhile may be
   * lost.
   * @throws the signal's reason; ProtocolError when the server does not answer for minutes
   */
  run(job: JobMessage, heard: EventListener, signal: AbortSignal): Promise<JobRecord>;
  /** Ends an edit as cancelled unless it has ended already, and stops the worker that runs it. */
  cancel(key: string): Promise<void>;
  /**
   * Asks one of the bundle's workers, and again until one answers.
   * @throws the signal's reason; ProtocolError when none answers
   */
  call(message: CallMessage, signal: AbortSignal): Promise<EventOf<'answered'>>;
  close(): void;
}

/** How often the record is looked for by itself; events may be lost. */
const LOOK_MS = 1000;
/** How often an edit is put into the queue again, in which it stays once. */
const AGAIN_MS = 30_000;
/** How long the server may be away under a running edit. */
const PATIENCE_MS = 120_000;
const CALL_AGAIN_MS = 5000;
const CALL_PATIENCE_MS = 60_000;

export function createClusterJobs(link: ClusterLink, artist: string): ClusterJobs {
  const events = createArtistEvents(link, artist);

  async function record(key: string, signal?: AbortSignal): Promise<JobRecord | null> {
    const subject = subjects.record(artist, key);
    const patience = { ms: PATIENCE_MS, signal };
    const message = await newest(link, STREAMS.records, subject, patience);
    return message && readMessage(recordSchema, message.string());
  }

  async function enqueue(job: JobMessage, signal: AbortSignal): Promise<void> {
    // The id names the artist: ids are known by stream, and another artist may use the same key.
    const options = { id: `${artist}.${job.key}`, ms: PATIENCE_MS, signal };
    await store(link, subjects.job(job), JSON.stringify(job), options);
    // After it is stored: whoever is woken finds it.
    link.nc.publish(subjects.poke(job.bundle), artist);
  }

  async function run(job: JobMessage, heard: EventListener, signal: AbortSignal) {
    let wake = () => {};
    let isOver = false;
    const over = () => {
      isOver = true;
      wake();
    };
    const leave = events.join(job.key, 'waiting', (kind, value) =>
      kind === 'done' ? over() : heard(kind, value),
    );
    signal.addEventListener('abort', over);
    try {
      for (let saidAt = Number.NEGATIVE_INFINITY; ; ) {
        signal.throwIfAborted();
        if (performance.now() - saidAt > AGAIN_MS) {
          await enqueue(job, signal);
          saidAt = performance.now();
        }
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, isOver ? 0 : LOOK_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        const found = await record(job.key, signal);
        if (found !== null) return found;
      }
    } finally {
      signal.removeEventListener('abort', over);
      leave();
    }
  }

  async function call(message: CallMessage, signal: AbortSignal) {
    let leave = () => {};
    const answered = new Promise<EventOf<'answered'>>((resolve) => {
      leave = events.join(message.key, 'started', (kind, value) => {
        if (kind === 'answered') resolve(value as EventOf<'answered'>);
      });
    });
    const ask = () => link.nc.publish(subjects.call(message), JSON.stringify(message));
    const again = setInterval(ask, CALL_AGAIN_MS);
    ask();
    try {
      return await orGivenUp(answered, signal);
    } finally {
      clearInterval(again);
      leave();
    }
  }

  async function cancel(key: string): Promise<void> {
    await storeFirst(link, subjects.record(artist, key), JSON.stringify(CANCELLED));
    link.nc.publish(subjects.cancel(artist, key));
  }

  return { record: (key) => record(key), run, call, cancel, close: () => events.close() };
}

async function orGivenUp<T>(answered: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = () => {};
  const givenUp = new Promise<never>((_resolve, reject) => {
    const timer = setTimeout(() => reject(noAnswer()), CALL_PATIENCE_MS);
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
    stop = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
  });
  return Promise.race([answered, givenUp]).finally(() => stop());
}

const noAnswer = () =>
  new ProtocolError({
    code: 'TIMEOUT',
    message: `No worker has answered within ${CALL_PATIENCE_MS / 1000} seconds.`,
    hint: 'See with “emoeditor cluster status” whether one is there, and try again.',
    retryable: true,
  });
