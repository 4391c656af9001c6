/**
 * Streams and subjects of a cluster. Where a subject carries the artist, that token is what the server's permissions
 * compare.
 *
 * | subject | stream | holds |
 * |---|---|---|
 * | `jobs.<bundle>.<artist>.<key>` | JOBS, work queue | an edit that waits or is leased |
 * | `res.<artist>.<key>` | RES | how it ended: written once, by whoever is first |
 * | `try.<artist>.<key>` | TRY | how often an engine has started on it |
 * | `dead.<artist>.<key>` | DEAD | an edit that was given up, with the reason |
 * | `pix.<artist>.<object>.<part>` | PIX_<artist> | pictures in chunks |
 * | `fleet.worker.<id>`, `fleet.bundle.<bundle>` | FLEET | which workers are there, and what they offer |
 * | `ev.<artist>.<key>.<kind>` | none | progress; may be lost |
 * | `call.<bundle>.<artist>.<id>` | none | a reading or a decoding; asked again until it is answered |
 * | `cancel.<artist>.<key>`, `poke.<bundle>`, `usage.<artist>` | none | hints; may be lost |
 */
export const STREAMS = {
  jobs: 'JOBS',
  records: 'RES',
  starts: 'TRY',
  dead: 'DEAD',
  fleet: 'FLEET',
} as const;

/** A stream per artist: its caps are the artist's limits, its name is the fence. */
export const pixelStream = (artist: string): string => `PIX_${artist}`;

/** An edit's place in the cluster. */
export interface JobName {
  readonly bundle: string;
  readonly artist: string;
  /** Not to be guessed by others; the same key of one artist is the same edit. */
  readonly key: string;
}

export const subjects = {
  job: ({ bundle, artist, key }: JobName) => `jobs.${tokenOf(bundle)}.${artist}.${key}`,
  jobsOf: (bundle: string) => `jobs.${tokenOf(bundle)}.>`,
  jobsOfArtist: (bundle: string, artist: string) => `jobs.${tokenOf(bundle)}.${artist}.*`,
  record: (artist: string, key: string) => `res.${artist}.${key}`,
  starts: (artist: string, key: string) => `try.${artist}.${key}`,
  dead: (artist: string, key: string) => `dead.${artist}.${key}`,
  part: (artist: string, object: string, part: number | 'meta') =>
    `pix.${artist}.${object}.${part}`,
  event: (artist: string, key: string, kind: string) => `ev.${artist}.${key}.${kind}`,
  eventsOf: (artist: string) => `ev.${artist}.>`,
  call: ({ bundle, artist, key }: JobName) => `call.${tokenOf(bundle)}.${artist}.${key}`,
  callsOf: (bundle: string) => `call.${tokenOf(bundle)}.*.*`,
  cancel: (artist: string, key: string) => `cancel.${artist}.${key}`,
  poke: (bundle: string) => `poke.${tokenOf(bundle)}`,
  usage: (artist: string) => `usage.${artist}`,
  worker: (id: string) => `fleet.worker.${id}`,
  bundle: (bundle: string) => `fleet.bundle.${tokenOf(bundle)}`,
} as const;

/** What a gateway asks for that takes any bundle; no bundle's token begins so. */
export const ANY_BUNDLE = '_any';

/** In place of a key: of all edits of an artist. */
export const ALL_KEYS = '_all';

/** A consumer a bundle and artist, with one filter each: servers of 2.9 know no more, and a work queue allows no overlap. */
export const consumerOf = (bundle: string, artist: string): string =>
  `${tokenOf(bundle)}-${artist}`;

/** Bundle, artist and key of a job's subject. */
export function readJobSubject(subject: string): JobName | null {
  const [kind, bundle, artist, key] = subject.split('.');
  if (kind !== 'jobs' || bundle === undefined || artist === undefined || key === undefined)
    return null;
  return { bundle, artist, key };
}

/** A bundle's name as one token of a subject: letters, digits, dashes. */
export const tokenOf = (bundle: string): string =>
  bundle === ANY_BUNDLE ? bundle : bundle.replaceAll(/[^A-Za-z0-9-]/g, '-');

/** Small letters, digits and dashes; not the names that the cluster itself uses. */
export const isArtistName = (name: string): boolean =>
  /^[a-z][a-z0-9-]{0,31}$/.test(name) && !['studio', 'sys', 'workers', 'admin'].includes(name);
