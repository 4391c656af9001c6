import {
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { ClusterError } from './clusterError.ts';
import type { ClusterLink } from './link.ts';
import { ANY_BUNDLE, pixelStream, STREAMS, subjects } from './names.ts';

const KIB = 2 ** 10;
const MIB = 2 ** 20;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long pictures stay: a job that waits longer than this has lost its own. */
const PIXELS_MS = HOUR_MS;
/** A worker that was not heard of for so long is gone. */
export const FLEET_MS = 6000;
/** Of one artist: some hundred edits an hour. */
export const PIXEL_BYTES = 2 * 2 ** 30;

type Config = Partial<StreamConfig> & { readonly name: string };

/**
 * Kept on disk, since a server that starts again has forgotten streams in memory altogether; what is too much is refused
 * instead of pushing out what others rely on.
 */
const KEPT = { storage: StorageType.File, discard: DiscardPolicy.New, allow_direct: true } as const;

/** The streams that all share. All `max_bytes` together, those of the artists too, must fit the server's file store. */
const SHARED: readonly Config[] = [
  {
    ...KEPT,
    name: STREAMS.jobs,
    subjects: ['jobs.>'],
    retention: RetentionPolicy.Workqueue,
    max_msgs: 20_000,
    max_msg_size: 16 * KIB,
    max_bytes: 256 * MIB,
    max_age: nanos(DAY_MS),
    duplicate_window: nanos(HOUR_MS),
  },
  {
    ...KEPT,
    name: STREAMS.records,
    subjects: ['res.>'],
    max_msgs_per_subject: 1,
    discard_new_per_subject: true,
    max_msg_size: 64 * KIB,
    max_bytes: 512 * MIB,
    max_age: nanos(DAY_MS),
  },
  {
    ...KEPT,
    name: STREAMS.starts,
    subjects: ['try.>'],
    discard: DiscardPolicy.Old,
    max_msgs_per_subject: 1,
    max_bytes: 64 * MIB,
    max_age: nanos(DAY_MS),
  },
  {
    ...KEPT,
    name: STREAMS.dead,
    subjects: ['dead.>'],
    discard: DiscardPolicy.Old,
    max_msgs: 1000,
    max_bytes: 16 * MIB,
    max_age: nanos(7 * DAY_MS),
  },
  {
    ...KEPT,
    name: STREAMS.fleet,
    subjects: ['fleet.>'],
    discard: DiscardPolicy.Old,
    max_msgs_per_subject: 1,
    max_bytes: 16 * MIB,
    max_age: nanos(FLEET_MS),
  },
];

/** Of the streams that all share, together. */
export const SHARED_BYTES: number = SHARED.reduce((sum, { max_bytes = 0 }) => sum + max_bytes, 0);

const pixelsOf = (artist: string, bytes: number): Config => ({
  ...KEPT,
  name: pixelStream(artist),
  subjects: [`pix.${artist}.>`],
  max_msgs_per_subject: 1,
  max_bytes: bytes,
  max_age: nanos(PIXELS_MS),
  duplicate_window: nanos(MINUTE_MS),
});

/**
 * Makes the streams that are missing; those that are there stay as they are.
 * @param bytes of pictures that an artist may have in the store
 * @throws ClusterError NO_JETSTREAM, STORE_FULL, NATS_OLD
 */
export async function prepareStreams(
  link: ClusterLink,
  artists: readonly string[],
  bytes: number = PIXEL_BYTES,
): Promise<void> {
  for (const config of [...SHARED, ...artists.map((artist) => pixelsOf(artist, bytes))]) {
    await make(link, config);
  }
}

/**
 * For users who may not make streams: looks whether they are there.
 * @param artist whose pictures will be stored; none for a worker
 * @throws ClusterError NOT_PREPARED
 */
export async function expectStreams({ jsm }: ClusterLink, artist?: string): Promise<void> {
  const look = (stream: string, subject: string) =>
    jsm.direct.getMessage(stream, { last_by_subj: subject });
  try {
    await look(STREAMS.fleet, subjects.bundle(ANY_BUNDLE));
    if (artist !== undefined) await look(pixelStream(artist), subjects.part(artist, '-', 0));
  } catch (error) {
    throw notPrepared(error);
  }
}

/** NATS: a stream of that name with other settings. */
const NAME_IN_USE = 10058;
const NO_ROOM: ReadonlySet<number> = new Set([10023, 10028, 10047]);

async function make({ jsm }: ClusterLink, config: Config): Promise<void> {
  // Asked first: for one that is there, a server wants room a second time.
  if ((await jsm.streams.info(config.name).catch(() => null)) !== null) return;
  try {
    const { config: made } = await jsm.streams.add({ ...config });
    // A server that does not know a setting leaves it out without a word.
    const isLeftOut = (key: string) => made[key as keyof StreamConfig] === undefined;
    const leftOut = Object.keys(config).find(isLeftOut);
    if (leftOut !== undefined) throw tooOld(leftOut);
  } catch (error) {
    if (error instanceof ClusterError) throw error;
    const code = error instanceof JetStreamApiError ? error.code : null;
    if (code === NAME_IN_USE) return;
    if (code !== null && NO_ROOM.has(code)) throw noRoom(config);
    throw noJetStream(error);
  }
}

const tooOld = (setting: string) =>
  new ClusterError(
    'NATS_OLD',
    `Expected a NATS server that knows “${setting}” but this one leaves it out.`,
    'Install a newer nats-server.',
  );

const noRoom = ({ name, max_bytes = 0 }: Config) =>
  new ClusterError(
    'STORE_FULL',
    `The NATS server has no ${Math.ceil(max_bytes / MIB)} MiB of store left for ${name}.`,
    'Give it more with max_file_store in its configuration, or fewer bytes to each artist.',
  );

const notPrepared = (error: unknown) =>
  new ClusterError(
    'NOT_PREPARED',
    'The NATS server answers, but its streams are not there.',
    'Run “emoeditor cluster prepare --credentials admin.json” once, with the credentials of its admin.',
    error,
  );

const noJetStream = (error: unknown) =>
  new ClusterError(
    'NO_JETSTREAM',
    'Expected a NATS server with JetStream but this one has none, or not for this user.',
    'Start it with “nats-server --jetstream”, or with the configuration that “emoeditor cluster init” writes.',
    error,
  );
