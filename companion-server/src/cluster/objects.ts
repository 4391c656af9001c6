import { createHash, randomBytes } from 'node:crypto';
import { ProtocolError } from '@emoeditor/shared';
import type { ClusterLink } from './link.ts';
import type { StoredObject } from './messages.ts';
import { pixelStream, subjects } from './names.ts';
import type { SealOf } from './sealing.ts';
import { newest, type Patience, store } from './store.ts';

/** Below a server's usual largest message of 1 MiB, with room for the seal. */
const CHUNK_BYTES = 512 * 2 ** 10;
/** Chunks on their way at a time: hides the round trip, bounds the memory. */
const WINDOW = 8;
const ID_BYTES = 6;

/** The name of an object, never used twice: a second worker on the same edit writes objects of its own. */
export const objectId = (key: string, what: string): string =>
  `${key}-${randomBytes(ID_BYTES).toString('hex')}-${what}`;

/**
 * Stores bytes in chunks of their own subjects. The client's object store waits for each chunk, and chunks in it cannot be
 * fenced by artist.
 * @throws ProtocolError when the artist's store is full; the signal's reason
 */
export async function putObject(
  link: ClusterLink,
  artist: string,
  id: string,
  bytes: Uint8Array,
  sealOf: SealOf,
  patience: Patience = {},
): Promise<StoredObject> {
  const seal = sealOf?.(id);
  const size = Math.min(CHUNK_BYTES, (link.nc.info?.max_payload ?? Infinity) - 1024);
  const chunks = Math.max(1, Math.ceil(bytes.length / size));
  const hash = createHash('sha256');
  const flying = new Set<Promise<void>>();
  for (let part = 0; part < chunks; part++) {
    const chunk = bytes.subarray(part * size, (part + 1) * size);
    const stored = seal?.seal(chunk, part, part === chunks - 1) ?? chunk;
    hash.update(stored);
    const options = { id: `${id}.${part}`, ...patience };
    const sent = store(link, subjects.part(artist, id, part), stored, options);
    flying.add(sent);
    sent.then(() => flying.delete(sent)).catch(() => {});
    if (flying.size >= WINDOW) await Promise.race(flying);
  }
  await Promise.all(flying);
  return { id, bytes: bytes.length, chunks, sha256: hash.digest('hex') };
}

/**
 * The bytes of an object, checked.
 * @throws ProtocolError when a chunk is missing or not what was stored; the signal's reason
 */
export async function getObject(
  link: ClusterLink,
  artist: string,
  { id, chunks, sha256 }: StoredObject,
  sealOf: SealOf,
  patience: Patience = {},
): Promise<Uint8Array> {
  const seal = sealOf?.(id);
  const stream = pixelStream(artist);
  const hash = createHash('sha256');
  const opened: Uint8Array[] = [];
  const ahead: ReturnType<typeof newest>[] = [];
  const ask = (part: number) => {
    const asked = newest(link, stream, subjects.part(artist, id, part), patience);
    // Awaited in its turn; without this a failure would count as unhandled until then.
    asked.catch(() => {});
    return asked;
  };
  for (let part = 0; part < chunks; part++) {
    while (ahead.length < WINDOW && part + ahead.length < chunks) {
      ahead.push(ask(part + ahead.length));
    }
    const message = await ahead.shift();
    if (message === null || message === undefined) throw lost(id);
    hash.update(message.data);
    opened.push(
      openedBy(() => seal?.open(message.data, part, part === chunks - 1), message.data, id),
    );
  }
  if (hash.digest('hex') !== sha256) throw damaged(id);
  return opened.length === 1 && opened[0] !== undefined ? opened[0] : Buffer.concat(opened);
}

function openedBy(open: () => Uint8Array | undefined, stored: Uint8Array, id: string): Uint8Array {
  try {
    return open() ?? stored;
  } catch {
    throw damaged(id);
  }
}

const lost = (id: string) =>
  new ProtocolError({
    code: 'UNKNOWN_JOB',
    message: `Expected the picture “${id}” in the NATS server's store but it is not there, or no longer.`,
    hint: 'Pictures are kept for an hour. Run the edit again.',
    retryable: true,
  });

const damaged = (id: string) =>
  new ProtocolError({
    code: 'INTERNAL',
    message: `The picture “${id}” in the NATS server's store is not the one that was put there.`,
    hint: 'Run the edit again. If it happens again, gateway and workers do not have the same keys: write them anew with “emoeditor cluster init”.',
    retryable: true,
  });
