import { progressSchema, wireErrorSchema } from '@emoeditor/shared';
import * as z from 'zod';

/** Gateways and workers of another number do not understand each other. */
export const CLUSTER_PROTOCOL = 1;

/** A stored picture: where it is and what it must be. */
export const objectSchema = z.object({
  id: z.string(),
  /** Bytes of all chunks before they are sealed. */
  bytes: z.int().nonnegative(),
  chunks: z.int().positive().max(4096),
  /** Of what is stored, which says nothing about a sealed picture. */
  sha256: z.string(),
});
export type StoredObject = z.infer<typeof objectSchema>;

/** An edit that waits. What it asks for and its picture are in `input`. */
export const jobSchema = z.object({
  protocol: z.int(),
  bundle: z.string(),
  artist: z.string(),
  key: z.string(),
  input: objectSchema,
  /** Public key of the edit, base64url; null where nothing is sealed. */
  share: z.string().nullable(),
});
export type JobMessage = z.infer<typeof jobSchema>;

/** A reading or a decoding. */
export const callSchema = jobSchema.extend({ name: z.enum(['predict', 'decode']) });
export type CallMessage = z.infer<typeof callSchema>;

/** How an edit ended; exactly one is written. */
export const recordSchema = z.object({
  state: z.enum(['done', 'failed', 'dead', 'cancelled']),
  worker: z.string().nullable(),
  /** In order. */
  iterations: z.array(objectSchema),
  /** The summary; null unless it is done. */
  summary: objectSchema.nullable(),
  error: z.nullable(wireErrorSchema),
});
export type JobRecord = z.infer<typeof recordSchema>;

export const CANCELLED: JobRecord = {
  state: 'cancelled',
  worker: null,
  iterations: [],
  summary: null,
  error: null,
};

/** Which events there are of an edit or a call, and what they carry. All may be lost. */
export const eventSchemas = {
  progress: progressSchema,
  /** The iterations that this run has stored so far. */
  iterations: z.array(objectSchema),
  /** A worker has begun. */
  started: z.object({ worker: z.string() }),
  /** The record is there. */
  done: z.object({}),
  /** Of a call. */
  answered: z.object({ answer: objectSchema.nullable(), error: z.nullable(wireErrorSchema) }),
  /** Of an artist: how many edits are ahead of the first that waits, of the second, … */
  places: z.array(z.int().nonnegative()),
} as const;
export type EventKind = keyof typeof eventSchemas;
export type EventOf<Kind extends EventKind> = z.infer<(typeof eventSchemas)[Kind]>;

/** What a worker says of itself each second. */
export const advertSchema = z.object({
  id: z.string(),
  protocol: z.int(),
  version: z.string(),
  bundle: z.string(),
  provider: z.string(),
  running: z.object({ artist: z.string(), key: z.string() }).nullable(),
  /** Edits that it has ended since it started. */
  ended: z.int().nonnegative(),
});
export type Advert = z.infer<typeof advertSchema>;

/** What gateways must know of a bundle that workers have loaded. */
export const offerSchema = z.object({
  protocol: z.int(),
  version: z.string(),
  bundle: z.string(),
  /** EngineInfo; workers are trusted. */
  info: z.looseObject({}),
});
export type Offer = z.infer<typeof offerSchema>;

/** The value of a JSON message of that shape, or null. */
export function readMessage<T>(schema: z.core.$ZodType<T>, text: string): T | null {
  try {
    return z.parse(schema, JSON.parse(text));
  } catch {
    return null;
  }
}
