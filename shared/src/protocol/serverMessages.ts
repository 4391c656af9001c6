import * as z from 'zod/mini';
import { emotionVectorSchema } from '../emotion.ts';
import { boundsSchema, extentSchema } from '../geometry.ts';
import { iterationReportSchema, outcomeSchema, progressSchema } from '../iteration.ts';
import { NONCE_BYTES } from '../pairing/pairingKeys.ts';
import { pixelFormatSchema } from '../pixelBuffer.ts';
import { offeredInstructionSchema } from '../scenePlan.ts';
import { hexSchema } from './hexSchema.ts';
import { wireErrorSchema } from './wireErrors.ts';

/** Server → client. Binary frames of a `stream` follow the message that names it. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  /** Answer to pair. */
  z.object({ type: z.literal('pairShare'), share: hexSchema(32) }),
  /** Answer to the right pairProof: both sides have the key now. */
  z.object({ type: z.literal('paired'), proof: hexSchema(32) }),
  /** Answer to hello with a key that the server has: shows that, and asks the same. */
  z.object({ type: z.literal('challenge'), nonce: hexSchema(NONCE_BYTES), proof: hexSchema(32) }),
  z.object({
    type: z.literal('welcome'),
    protocol: z.int(),
    server: z.object({ name: z.string(), version: z.string() }),
    bundle: z.object({
      id: z.string(),
      name: z.string(),
      kind: z.string(),
      workingArea: z.int(),
      sizeMultiple: z.int(),
      licence: z.string(),
      limits: z.string(),
      /** Instructions that a request may name; servers before this told none. */
      instructions: z.optional(z.array(offeredInstructionSchema)),
    }),
    provider: z.object({
      name: z.string(),
      reason: z.string(),
      /** Providers that were tried before, and why each does not run; servers before this told nothing of them. */
      refused: z.optional(z.array(z.object({ name: z.string(), reason: z.string() }))),
    }),
    /** Origin header of the client's own upgrade as the server saw it, for reports; absent when there was none. */
    origin: z.optional(z.string()),
    /** The key that was proved is old: the one that follows on it is known from now on (SE11). */
    renewed: z.optional(z.boolean()),
    /** Binary frames the client may have in flight before it needs credit. */
    credit: z.int(),
  }),
  z.object({
    type: z.literal('jobQueued'),
    requestId: z.string(),
    jobId: z.string(),
    position: z.int(),
  }),
  /** Answer to resume; the iterations not yet seen follow, then the job goes on or its end is told again. */
  z.object({
    type: z.literal('jobResumed'),
    jobId: z.string(),
    status: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
  }),
  z.object({ type: z.literal('jobProgress'), jobId: z.string(), progress: progressSchema }),
  /** The preview is a JPEG (or PNG) file on `stream`, at working size: see the SPEC, JB5, for its shape. */
  z.object({
    type: z.literal('jobIteration'),
    jobId: z.string(),
    report: iterationReportSchema,
    preview: z.object({
      mime: z.enum(['image/jpeg', 'image/png']),
      extent: extentSchema,
      stream: z.int(),
    }),
  }),
  z.object({
    type: z.literal('jobSucceeded'),
    jobId: z.string(),
    chosen: z.int(),
    /** Servers before this told none. */
    outcome: z.optional(outcomeSchema),
    iterations: z.array(iterationReportSchema),
    sourceDistribution: emotionVectorSchema,
    unetEvaluations: z.int(),
    /** Milliseconds by stage. */
    timings: z.record(z.string(), z.number()),
  }),
  z.object({ type: z.literal('jobFailed'), jobId: z.string(), error: wireErrorSchema }),
  z.object({ type: z.literal('jobCancelled'), jobId: z.string() }),
  /** Answer to predict and to readLayer. */
  z.object({
    type: z.literal('predicted'),
    requestId: z.string(),
    distribution: emotionVectorSchema,
  }),
  z.object({ type: z.literal('compositeOpened'), requestId: z.string(), compositeId: z.string() }),
  z.object({
    type: z.literal('tileDone'),
    compositeId: z.string(),
    bounds: boundsSchema,
    pixels: pixelFormatSchema,
    stream: z.int(),
  }),
  /** The server has consumed this many more binary frames of the client's. */
  z.object({ type: z.literal('credit'), frames: z.int().check(z.positive()) }),
  /** An error that belongs to a request or to the connection rather than to a running job. */
  z.object({
    type: z.literal('error'),
    requestId: z.optional(z.string()),
    jobId: z.optional(z.string()),
    compositeId: z.optional(z.string()),
    error: wireErrorSchema,
  }),
  z.object({ type: z.literal('pong'), nonce: z.number() }),
]);
export type ServerMessage = z.infer<typeof serverMessageSchema>;
