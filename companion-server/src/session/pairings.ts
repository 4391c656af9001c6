import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { bytesToHex, hexToBytes, type PairingKey } from '@emoeditor/shared';
import * as z from 'zod';
import { messageOf } from '../errors.ts';
import { writeWhole } from '../files/writeWhole.ts';
import { type Log, SILENT } from '../log.ts';

const pairingSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  key: z.string().regex(/^[0-9a-f]{64}$/),
  /** Name and version of the client, as it said. */
  client: z.string().max(400),
  /** Milliseconds since 1970. */
  made: z.number(),
  used: z.number(),
  /** Id of the key that this one takes the place of with its first use. */
  follows: z.optional(z.string()),
});
export type Pairing = z.infer<typeof pairingSchema>;

/** The panels and browsers that may connect. Read anew at every look, so that a revocation counts at once. */
export interface Pairings {
  list(): Promise<readonly Pairing[]>;
  /** The key of that id, marked as used; null when there is none or it is too old. The key that it follows on ends. */
  find(id: string): Promise<Uint8Array | null>;
  add(pairing: PairingKey, client: string): Promise<void>;
  /**
   * Adds the key that follows on an old one; both are known until the new one is used, since the client may not have kept
   * it. @returns false where the old one is not old yet, or has a follower since less than a day
   */
  renew(id: string, next: PairingKey): Promise<boolean>;
  /** Forgets one and what follows on it, or all. @returns how many were forgotten */
  revoke(id?: string): Promise<number>;
}

const DAY_MS = 24 * 60 * 60_000;
/** A pairing that was not used for this long is over. */
export const UNUSED_DAYS = 90;
/** A key of this age gets a new one in its place. */
export const RENEWED_DAYS = 30;
/** Beyond this the one used longest ago goes: no user has as many panels and browsers. */
const MOST = 64;
/** Only the user may read it. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/**
 * @param path where they are kept; where that cannot be, they last as long as the server, which is told. A file that is
 * damaged is put aside. In memory alone when null.
 */
export function createPairings(
  path: string | null,
  log: Log = SILENT,
  now: () => number = Date.now,
): Pairings {
  let inMemory: readonly Pairing[] = [];
  let isKept = path !== null;
  /** Changes come one after the other. */
  let line: Promise<unknown> = Promise.resolve();

  async function read(): Promise<readonly Pairing[]> {
    const known = isKept && path !== null ? await readFrom(path, log) : inMemory;
    return known.filter(({ used }) => Math.abs(now() - used) < UNUSED_DAYS * DAY_MS);
  }

  async function write(pairings: readonly Pairing[]): Promise<void> {
    inMemory = pairings;
    if (!isKept || path === null) return;
    try {
      await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
      const text = `${JSON.stringify(pairings, null, 2)}\n`;
      await writeWhole(path, text, { overwrite: true, mode: PRIVATE_FILE });
    } catch (error) {
      isKept = false;
      const facts = { file: path, reason: messageOf(error) };
      log.warn(facts, 'pairings cannot be kept there and last until the server stops');
    }
  }

  const madeOf = ({ id, key }: PairingKey, client: string): Pairing => ({
    ...{ id, key: bytesToHex(key), client, made: now(), used: now() },
  });

  function change<T>(step: (pairings: readonly Pairing[]) => Promise<T>): Promise<T> {
    const done = line.then(async () => step(await read()));
    line = done.catch(() => {});
    return done;
  }

  return {
    list: read,
    find: (id) =>
      change(async (pairings) => {
        const found = pairings.find((pairing) => pairing.id === id);
        if (found === undefined) return null;
        const { follows, ...own } = found;
        // Once a day is enough to tell its age.
        if (follows !== undefined || now() - found.used > DAY_MS) {
          const left = pairings.filter((one) => one.id !== follows);
          await write(left.map((one) => (one === found ? { ...own, used: now() } : one)));
        }
        return hexToBytes(found.key);
      }),
    add: (pairing, client) =>
      change((pairings) => write(youngest([...pairings, madeOf(pairing, client)]))),
    renew: (id, next) =>
      change(async (pairings) => {
        const old = pairings.find((pairing) => pairing.id === id);
        if (old === undefined || now() - old.made < RENEWED_DAYS * DAY_MS) return false;
        const isNew = ({ follows, made }: Pairing) => follows === id && now() - made < DAY_MS;
        if (pairings.some(isNew)) return false;
        await write(youngest([...pairings, { ...madeOf(next, old.client), follows: id }]));
        return true;
      }),
    revoke: (id) =>
      change(async (pairings) => {
        const left =
          id === undefined ? [] : pairings.filter((one) => one.id !== id && one.follows !== id);
        await write(left);
        return pairings.length - left.length;
      }),
  };
}

const youngest = (pairings: readonly Pairing[]) =>
  [...pairings].sort((a, b) => b.used - a.used).slice(0, MOST);

async function readFrom(path: string, log: Log): Promise<readonly Pairing[]> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return [];
  try {
    return z.array(pairingSchema).parse(JSON.parse(text));
  } catch {
    await rename(path, `${path}.damaged`).catch(() => {});
    log.warn({ file: path }, 'the pairings were damaged and put aside: pair the panel anew');
    return [];
  }
}
