import { ProtocolError, type WireError, type WireErrorCode } from '@emoeditor/shared';
import type { Engine } from '../../engine/engine.ts';
import { protocolErrorOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { ClusterLink } from '../link.ts';
import {
  CLUSTER_PROTOCOL,
  type JobMessage,
  type JobRecord,
  jobSchema,
  readMessage,
  type StoredObject,
} from '../messages.ts';
import { STREAMS, subjects } from '../names.ts';
import { newest, store, storeFirst } from '../store.ts';
import { carryOut, sealsFor, tell } from './carryOut.ts';
import { countStart, MOST_STARTS, uncountStart } from './engineStarts.ts';
import { BEAT_MS, type Lease } from './leases.ts';

export interface LeaseParts {
  readonly link: ClusterLink;
  readonly engine: Engine;
  /** Of this worker. */
  readonly id: string;
  /** Secret key of the workers, base64url; null where nothing is sealed. */
  readonly pool: string | null;
  readonly log: Log;
}

/** Aborts an edit because the worker stops; it goes to another. */
export class WorkerStops extends Error {
  override readonly name = 'WorkerStops';
}

/** Faults of this machine rather than of the edit: another worker may do better. */
const ELSEWHERE: readonly WireErrorCode[] = [
  'ENGINE_CRASHED',
  'OUT_OF_MEMORY',
  'MODEL_MISSING',
  'MODEL_CORRUPT',
];
const PAUSE_MS = 1000;

/**
 * Carries out a leased edit and writes how it ended, once. Whatever happens to this process, the edit stays in the queue
 * until that is written.
 * @returns milliseconds of the engine
 */
export async function runLease(
  parts: LeaseParts,
  lease: Lease,
  job: JobMessage,
  signal: AbortSignal,
): Promise<number> {
  const { link, log } = parts;
  const beat = setInterval(() => lease.extend(), BEAT_MS);
  let engineMs = 0;
  try {
    const subject = subjects.record(job.artist, job.key);
    // Ended before: only the acknowledgement was lost, or it was cancelled while it waited.
    if ((await newest(link, STREAMS.records, subject)) === null) {
      const started = performance.now();
      const record = await recordOf(parts, lease, job, signal);
      engineMs = performance.now() - started;
      if (record === null) return engineMs;
      const isFirst = await storeFirst(link, subject, JSON.stringify(record));
      log.info({ key: job.key, state: record.state, isFirst }, 'edit ended');
      if (isFirst && record.state === 'dead') await bury(link, job, record);
    }
    tell(link, job, 'done', {});
    await lease.end();
    return engineMs;
  } finally {
    clearInterval(beat);
  }
}

/** How the edit ended here; null when it was given back. */
async function recordOf(
  { link, engine, id: worker, pool }: LeaseParts,
  lease: Lease,
  job: JobMessage,
  signal: AbortSignal,
): Promise<JobRecord | null> {
  let iterations: readonly StoredObject[] = [];
  const ended = (state: JobRecord['state'], error: WireError | null): JobRecord => ({
    ...{ state, worker, error },
    iterations: [...iterations],
    summary: null,
  });
  let starts: number | null = null;
  try {
    expectSameProtocol(job);
    const sealOf = sealsFor(pool, job);
    starts = await countStart(link, job, lease.deliveries === 1);
    if (starts === null) return ended('dead', lostTooOften().toWire());
    tell(link, job, 'started', { worker });
    const stored = (all: readonly StoredObject[]) => {
      iterations = all;
    };
    const done = await carryOut(link, engine, job, { sealOf, signal, stored });
    return { ...ended('done', null), iterations: [...done.iterations], summary: done.summary };
  } catch (error) {
    if (signal.aborted && signal.reason instanceof WorkerStops) {
      if (starts !== null) await uncountStart(link, job);
      lease.giveBack();
      return null;
    }
    if (signal.aborted) return ended('cancelled', null);
    const fault = protocolErrorOf(error);
    if (!ELSEWHERE.includes(fault.code)) return ended('failed', fault.toWire());
    if ((starts ?? MOST_STARTS) >= MOST_STARTS) return ended('dead', fault.toWire());
    lease.giveBack(PAUSE_MS);
    return null;
  }
}

/** The job of a lease; null for what is none. */
export const jobOf = ({ text }: Lease): JobMessage | null => readMessage(jobSchema, text);

async function bury(link: ClusterLink, { artist, key }: JobMessage, record: JobRecord) {
  await store(link, subjects.dead(artist, key), JSON.stringify(record));
}

function expectSameProtocol({ protocol }: JobMessage): void {
  if (protocol === CLUSTER_PROTOCOL) return;
  throw new ProtocolError({
    code: 'PROTOCOL_MISMATCH',
    message: `The worker speaks protocol ${CLUSTER_PROTOCOL} of the cluster but the gateway ${protocol}.`,
    hint: 'Install the same release of EmoEditor on both machines.',
    retryable: false,
  });
}

const lostTooOften = () =>
  new ProtocolError({
    code: 'ENGINE_CRASHED',
    message: `The edit was given up: ${MOST_STARTS} workers were lost while they ran it.`,
    hint: 'Run it again; if it happens again, look at the logs of the workers.',
    retryable: true,
  });
