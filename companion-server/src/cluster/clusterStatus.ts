import type { ClusterLink } from './link.ts';
import { type Advert, advertSchema, readMessage } from './messages.ts';
import { pixelStream, readJobSubject, STREAMS, subjects } from './names.ts';
import { persistently } from './store.ts';

/** How a cluster is doing. */
export interface ClusterStatus {
  /** Of the NATS server. */
  readonly version: string;
  readonly workers: readonly Advert[];
  readonly artists: readonly ArtistStatus[];
  /** Edits that were given up within the last week, by artist and key. */
  readonly dead: readonly string[];
}

export interface ArtistStatus {
  readonly artist: string;
  readonly waiting: number;
  readonly running: number;
  /** Of pictures in the store, and how many there may be; null where the artist has no store. */
  readonly bytes: { readonly used: number; readonly most: number } | null;
}

const PATIENCE = { ms: 5000 } as const;

/**
 * For whoever may look at all streams.
 * @param artists names that are told in any case
 * @throws ProtocolError when the server does not answer
 */
export async function clusterStatus(
  link: ClusterLink,
  artists: readonly string[] = [],
): Promise<ClusterStatus> {
  const workers = await workersOf(link);
  const queued = await subjectsOf(link, STREAMS.jobs, 'jobs.>');
  const dead = await subjectsOf(link, STREAMS.dead, 'dead.>');
  const jobs = [...queued.keys()].map(readJobSubject).filter((name) => name !== null);
  const running = workers.flatMap((worker) => worker.running ?? []);
  const names = new Set([...artists, ...jobs.map(({ artist }) => artist)]);
  const count = (all: readonly { readonly artist: string }[], artist: string) =>
    all.filter((one) => one.artist === artist).length;
  return {
    version: link.nc.info?.version ?? '?',
    workers,
    artists: await Promise.all(
      [...names].sort().map(async (artist) => ({
        artist,
        // What is leased is in the queue as well.
        waiting: Math.max(0, count(jobs, artist) - count(running, artist)),
        running: count(running, artist),
        bytes: await bytesOf(link, artist),
      })),
    ),
    dead: [...dead.keys()].map((subject) => subject.split('.').slice(1).join(' ')),
  };
}

async function workersOf(link: ClusterLink): Promise<readonly Advert[]> {
  const there = await subjectsOf(link, STREAMS.fleet, subjects.worker('*'));
  const adverts = await Promise.all(
    [...there.keys()].map(async (subject) => {
      const found = await link.jsm.direct.getMessage(STREAMS.fleet, { last_by_subj: subject });
      return found && readMessage(advertSchema, found.string());
    }),
  );
  return adverts.filter((advert) => advert !== null).sort((a, b) => a.id.localeCompare(b.id));
}

async function subjectsOf({ jsm }: ClusterLink, stream: string, filter: string) {
  const info = await persistently(
    () => jsm.streams.info(stream, { subjects_filter: filter }),
    PATIENCE,
  );
  return new Map(Object.entries(info.state.subjects ?? {}));
}

async function bytesOf({ jsm }: ClusterLink, artist: string): Promise<ArtistStatus['bytes']> {
  const info = await jsm.streams.info(pixelStream(artist)).catch(() => null);
  return info && { used: info.state.bytes, most: info.config.max_bytes };
}
