import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { messageOf } from '../errors.ts';
import { ClusterError } from './clusterError.ts';

const base = z.object({
  /** `tls://host:port`. */
  server: z.string().min(1),
  /** Seed of the user's NKey. */
  seed: z.string().min(1),
  inbox: z.string().min(1),
  /** Certificate of the studio's authority, PEM. */
  ca: z.string().min(1),
});
/** 32 bytes, base64url. */
const keySchema = z.string().length(43);

const schemas = {
  artist: base.extend({
    kind: z.literal('artist'),
    artist: z.string().min(1),
    /** Public key of the workers. */
    pool: keySchema,
    /** What the keys of the artist's pictures are derived from. */
    secret: keySchema,
  }),
  worker: base.extend({
    kind: z.literal('worker'),
    /** Secret key of the workers. */
    pool: keySchema,
  }),
  admin: base.extend({
    kind: z.literal('admin'),
    artists: z.array(z.string()),
    /** Of pictures, for each artist. */
    bytes: z.int().positive(),
  }),
} as const;

export type CredentialsKind = keyof typeof schemas;
export type Credentials<Kind extends CredentialsKind> = z.infer<(typeof schemas)[Kind]>;

const OWNERS: Readonly<Record<CredentialsKind, string>> = {
  artist: 'an artist',
  worker: 'a worker',
  admin: 'the admin',
};

/**
 * Credentials of that kind, from a file that `emoeditor cluster init` wrote.
 * @throws ClusterError BAD_CREDENTIALS
 */
export async function readCredentials<Kind extends CredentialsKind>(
  file: string,
  kind: Kind,
): Promise<Credentials<Kind>> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw bad(`The credentials “${file}” cannot be read: ${messageOf(error)}.`, error);
  });
  const value = valueIn(text);
  const parsed = schemas[kind].safeParse(value);
  if (parsed.success) return parsed.data as Credentials<Kind>;
  const found = Object.keys(schemas).find((other) => other === Object(value).kind);
  const came =
    found === undefined ? 'no credentials' : `those of ${OWNERS[found as CredentialsKind]}`;
  throw bad(`Expected the credentials of ${OWNERS[kind]} in “${file}” but it holds ${came}.`);
}

function valueIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const bad = (message: string, cause?: unknown) =>
  new ClusterError(
    'BAD_CREDENTIALS',
    message,
    'Give a file that “emoeditor cluster init” wrote: artists/<name>.json for a gateway, worker.json for a worker, admin.json for the rest.',
    cause,
  );
