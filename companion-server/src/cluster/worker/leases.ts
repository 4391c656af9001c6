import { AckPolicy, JetStreamApiError } from '@nats-io/jetstream';
import { createInbox, type Msg, nanos } from '@nats-io/transport-node';
import type { ClusterLink } from '../link.ts';
import { consumerOf, STREAMS, subjects } from '../names.ts';
import { persistently } from '../store.ts';

/** A worker that has not said for so long that it works is taken for lost, and its edit goes to another. */
export const LEASE_MS = 3000;
/** How often a worker says so. */
export const BEAT_MS = 1000;
const ANSWER_MS = 2000;
/** Leases of one artist at a time, over all workers. */
const MOST_LEASED = 1000;

/** An edit that one worker holds. */
export interface Lease {
  readonly text: string;
  /** 1 the first time that it is handed out. */
  readonly deliveries: number;
  /** Holds it for another {@link LEASE_MS}. */
  extend(): void;
  /** Takes it out of the queue; resolves when the server has confirmed it. */
  end(): Promise<void>;
  /** Hands it to whoever asks next, after a pause. */
  giveBack(milliseconds?: number): void;
}

/** Takes edits of a bundle's artists out of the queue. */
export interface Leases {
  /** Without waiting; null where none is there any more. */
  next(artist: string): Promise<Lease | null>;
  /** The consumer that an artist's edits go through, made when it is missing. */
  consumer(artist: string): Promise<string>;
}

export function createLeases(link: ClusterLink, bundle: string): Leases {
  const made = new Set<string>();

  async function consumer(artist: string): Promise<string> {
    const name = consumerOf(bundle, artist);
    if (made.has(name)) return name;
    await persistently(() =>
      link.jsm.consumers.add(STREAMS.jobs, {
        durable_name: name,
        filter_subject: subjects.jobsOfArtist(bundle, artist),
        ack_policy: AckPolicy.Explicit,
        ack_wait: nanos(LEASE_MS),
        // Engine starts are counted instead: a server that starts again hands out anew too.
        max_deliver: -1,
        max_ack_pending: MOST_LEASED,
      }),
    );
    made.add(name);
    return name;
  }

  return {
    consumer,
    async next(artist) {
      const name = await consumer(artist);
      const answer = await askFor(link, name);
      const code = answer?.headers?.code ?? 0;
      // No such consumer any more.
      if (answer === null || code === 503) made.delete(name);
      return answer === null || code !== 0 ? null : leaseOf(link, answer);
    },
  };
}

/** Not by the client's request: what is handed out comes with its own subject, which a shared inbox would not know. */
async function askFor({ nc, inbox }: ClusterLink, consumer: string): Promise<Msg | null> {
  const at = createInbox(inbox);
  return new Promise((resolve) => {
    nc.subscribe(at, {
      max: 1,
      timeout: ANSWER_MS,
      callback: (error, message) => resolve(error === null ? message : null),
    });
    const ask = '{"batch":1,"no_wait":true}';
    nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${STREAMS.jobs}.${consumer}`, ask, { reply: at });
  });
}

function leaseOf({ nc }: ClusterLink, message: Msg): Lease {
  const reply = message.reply ?? '';
  const send = (word: string) => {
    // A connection that is closed has lost its leases.
    if (!nc.isClosed()) nc.publish(reply, word);
  };
  return {
    text: message.string(),
    deliveries: deliveriesOf(reply),
    extend: () => send('+WPI'),
    async end() {
      await persistently(() => nc.request(reply, '+ACK', { timeout: ANSWER_MS }), { ms: 10_000 });
    },
    giveBack: (milliseconds = 0) => send(`-NAK {"delay":${milliseconds * 1e6}}`),
  };
}

/** `$JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<deliveries>. …`: nine tokens, or more with the domain. */
function deliveriesOf(reply: string): number {
  const tokens = reply.split('.');
  return Number(tokens[tokens.length === 9 ? 4 : 6]);
}

/** NATS: there is no such message. */
export const isGone = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === 10037;
