import { setTimeout as pause } from 'node:timers/promises';
import { ProtocolError } from '@emoeditor/shared';
import { JetStreamApiError, type StoredMsg } from '@nats-io/jetstream';
import type { ClusterLink } from './link.ts';

/** What is tried again with the same message id or expectation; everything else is an answer. */
const AGAIN =
  /timeout|no responders|not enabled|disconnect|connection|reconnect|no suitable peers|temporar|system unavailable|ECONN|EPIPE/i;
/** NATS: “wrong last sequence”. */
const WRONG_SEQUENCE = 10071;
/** NATS: insufficient resources, maximum bytes exceeded, maximum messages exceeded, no storage available. */
const FULL: ReadonlySet<number> = new Set([10023, 10047, 10077, 10122]);
const PATIENCE_MS = 30_000;
const LONGEST_PAUSE_MS = 1000;
const REQUEST_MS = 2000;

export interface Patience {
  /** Milliseconds after which a failure counts. */
  readonly ms?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls until it does not fail because of the connection.
 * @throws ProtocolError when the server's store is full or no answer came in time; the signal's reason
 */
export async function persistently<T>(call: () => Promise<T>, patience: Patience = {}): Promise<T> {
  const { ms = PATIENCE_MS, signal } = patience;
  const until = performance.now() + ms;
  for (let wait = 100; ; wait = Math.min(2 * wait, LONGEST_PAUSE_MS)) {
    signal?.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      if (error instanceof JetStreamApiError && FULL.has(error.code)) throw storeFull();
      if (!(error instanceof Error) || !AGAIN.test(`${error.name} ${error.message}`)) throw error;
      if (performance.now() > until) throw noAnswer();
      await pause(wait);
    }
  }
}

/** Stores a message until it is acknowledged; one with an id is stored once within the stream's duplicate window. */
export async function store(
  { js }: ClusterLink,
  subject: string,
  data: Uint8Array | string,
  options: { readonly id?: string } & Patience = {},
): Promise<void> {
  const { id, ...patience } = options;
  const settings = { timeout: REQUEST_MS, ...(id === undefined ? {} : { msgID: id }) };
  await persistently(() => js.publish(subject, data, settings), patience);
}

/**
 * Stores the only message of a subject.
 * @returns false when another was first. Without a message id: after a lost acknowledgement the repeat is refused as well,
 * and the caller reads who won
 */
export async function storeFirst(
  { js }: ClusterLink,
  subject: string,
  data: string,
  patience?: Patience,
): Promise<boolean> {
  try {
    const settings = { timeout: REQUEST_MS, expect: { lastSubjectSequence: 0 } };
    await persistently(() => js.publish(subject, data, settings), patience);
    return true;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === WRONG_SEQUENCE) return false;
    throw error;
  }
}

/** The newest message of a subject, or null. The subject is part of the request, so that permissions can fence it. */
export const newest = (
  { jsm }: ClusterLink,
  stream: string,
  subject: string,
  patience?: Patience,
): Promise<StoredMsg | null> =>
  persistently(() => jsm.direct.getMessage(stream, { last_by_subj: subject }), patience);

const storeFull = () =>
  new ProtocolError({
    code: 'BUSY',
    message: 'The store of the NATS server is full.',
    hint: 'Old pictures leave it within the hour; whoever runs the server can give it more room.',
    retryable: true,
  });

const noAnswer = () =>
  new ProtocolError({
    code: 'ENGINE_CRASHED',
    message: 'The NATS server that connects this machine with the GPU does not answer.',
    hint: 'Check the network and that nats-server runs; the connection is tried again by itself.',
    retryable: true,
  });
