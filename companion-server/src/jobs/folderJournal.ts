import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { JobEnd } from '@emoeditor/shared';
import { messageOf } from '../errors.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { type Log, SILENT } from '../log.ts';
import type { JobJournal, JobOrder, JournalledIteration, JournalledJob } from './jobJournal.ts';

/** A job older than this is wiped instead of recovered: whoever waited for it has given up. */
const OLDEST_MS = 24 * 60 * 60_000;
/** Only the user may read it: it holds the user's pictures. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
/** What a job's folder may be called; anything else there is not ours. */
const JOB_ID = /^[0-9a-f-]{32,36}$/;
const ORDER = 'order';
const END = 'end';
const iterationName = (index: number): string => `iteration-${index}`;

/** First iteration: with the pictures that all iterations of a job share. Others: without. */
type StoredIteration = Omit<JournalledIteration, 'edit'> & {
  readonly edit: Partial<JournalledIteration['edit']>;
};
const SHARED_PICTURES = ['source', 'decodedSource', 'region', 'stage'] as const;

/**
 * A journal of one folder per job and one file per event, each written whole and with a checksum.
 * @param root where; asked when it is first needed, and made then. No two servers may have the same one
 */
export function createFolderJournal(
  root: () => string,
  log: Log = SILENT,
  now: () => number = Date.now,
): JobJournal {
  /** What is still being written, by job: one thing after the other. */
  const lines = new Map<string, Promise<void>>();
  let isClosed = false;
  let isBroken = false;

  function inLine(jobId: string, step: () => Promise<void>): Promise<void> {
    const before = lines.get(jobId) ?? Promise.resolve();
    const done = before.then(step).catch((error: unknown) => {
      // Once is enough: a full disk fails every write.
      if (!isBroken) log.warn({ folder: root(), reason: messageOf(error) }, NOT_KEPT);
      isBroken = true;
    });
    lines.set(jobId, done);
    void done.then(() => {
      if (lines.get(jobId) === done) lines.delete(jobId);
    });
    return done;
  }

  function write(jobId: string, name: string, value: unknown): Promise<void> {
    if (isClosed || isBroken) return Promise.resolve();
    const bytes = sealed(value);
    return inLine(jobId, async () => {
      const folder = join(root(), jobId);
      // The order makes the folder; a job that was forgotten meanwhile stays forgotten.
      if (name === ORDER) await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
      else if ((await stat(folder).catch(() => null)) === null) return;
      await writeWhole(join(folder, name), bytes, { overwrite: true, mode: PRIVATE_FILE });
    });
  }

  return {
    async recover() {
      const names = (await readdir(root()).catch(() => [])).filter((name) => JOB_ID.test(name));
      const jobs: { readonly made: number; readonly job: JournalledJob }[] = [];
      for (const name of names) {
        const folder = join(root(), name);
        const found = await recoverJob(folder, name, now()).catch(() => null);
        if (found !== null) jobs.push(found);
        else await rm(folder, { recursive: true, force: true }).catch(() => {});
      }
      return jobs.sort((a, b) => a.made - b.made).map(({ job }) => job);
    },
    submitted(order) {
      void write(order.id, ORDER, { ...order, made: now() } satisfies StoredOrder);
    },
    iterated: (jobId, iteration) =>
      write(jobId, iterationName(iteration.report.index), storedIteration(iteration)),
    ended: (jobId, end) => write(jobId, END, end),
    forget(jobId) {
      if (isClosed) return;
      const folder = join(root(), jobId);
      void inLine(jobId, () => rm(folder, { recursive: true, force: true }));
    },
    async close() {
      isClosed = true;
      await Promise.all(lines.values());
    },
  };
}

const NOT_KEPT = 'edits cannot be kept there and are lost if the server is killed';

interface StoredOrder extends JobOrder {
  /** Milliseconds since 1970. */
  readonly made: number;
}

async function recoverJob(
  folder: string,
  name: string,
  now: number,
): Promise<{ readonly made: number; readonly job: JournalledJob } | null> {
  const order = (await unsealed(join(folder, ORDER))) as StoredOrder | null;
  if (order === null || order.id !== name || Math.abs(now - order.made) > OLDEST_MS) return null;
  const { made, ...known } = order;
  const iterations: JournalledIteration[] = [];
  for (;;) {
    const stored = await unsealed(join(folder, iterationName(iterations.length)));
    if (stored === null) break;
    iterations.push(wholeIteration(stored as StoredIteration, iterations[0]));
  }
  const end = (await unsealed(join(folder, END))) as JobEnd | null;
  // An end without all of its iterations is not believed: the job is run again.
  const isWhole = end?.type !== 'succeeded' || end.iterations.length === iterations.length;
  return { made, job: { ...known, iterations, end: isWhole ? end : null } };
}

function storedIteration({ edit, ...rest }: JournalledIteration): StoredIteration {
  if (rest.report.index === 0) return { ...rest, edit };
  const { source: _source, decodedSource: _decoded, region: _region, stage: _stage, ...own } = edit;
  return { ...rest, edit: own };
}

function wholeIteration(
  { edit, ...rest }: StoredIteration,
  first: JournalledIteration | undefined,
): JournalledIteration {
  const shared = Object.fromEntries(SHARED_PICTURES.map((name) => [name, first?.edit[name]]));
  return { ...rest, edit: { ...shared, ...edit } as JournalledIteration['edit'] };
}

/** Bytes of the SHA-256 that goes before the data of a file. */
const SUM_BYTES = 32;

const sumOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

function sealed(value: unknown): Uint8Array {
  const bytes = serialize(value);
  return Buffer.concat([sumOf(bytes), bytes]);
}

/** Null where the file is missing or damaged. */
async function unsealed(path: string): Promise<unknown> {
  const file = await readFile(path).catch(() => null);
  if (file === null) return null;
  const bytes = file.subarray(SUM_BYTES);
  return sumOf(bytes).equals(file.subarray(0, SUM_BYTES)) ? deserialize(bytes) : null;
}
