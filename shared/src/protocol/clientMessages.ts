import * as z from 'zod/mini';
import { editRequestSchema } from '../editRequest.ts';
import { boundsSchema, extentSchema } from '../geometry.ts';
import { MAX_GRAIN } from '../measureGrain.ts';
import { NONCE_BYTES } from '../pairing/pairingKeys.ts';
import { pixelFormatSchema } from '../pixelBuffer.ts';
import { hexSchema } from './hexSchema.ts';
import { INITIAL_CREDIT, MAX_ID_LENGTH, MAX_NAME_LENGTH } from './version.ts';

const idSchema = z.string().check(z.maxLength(MAX_ID_LENGTH));
const nameSchema = z.string().check(z.maxLength(MAX_NAME_LENGTH));
const clientSchema = z.object({ name: nameSchema, version: nameSchema });

/**
 * Client → server. `stream` is a client-chosen number that the binary frames of the same pixels carry;
 * the message goes first, its frames follow.
 */
/** Both layers of an edit in one, or one of them; see the SPEC, CM7. */
export const compositePartSchema = z.enum(['all', 'grade', 'content']);
/** The layer of one element of the scene, by its place in the plan (CM9). */
export const elementPartSchema = z.object({ element: z.int().check(z.gte(0), z.lte(7)) });
export type ElementPart = z.infer<typeof elementPartSchema>;
export type CompositePart = z.infer<typeof compositePartSchema>;

export const clientMessageSchema = z.discriminatedUnion('type', [
  /** Begins to pair by a code that a person typed, or that the address of the studio carried. */
  z.object({
    type: z.literal('pair'),
    protocol: z.int(),
    code: z.enum(['typed', 'link']),
    client: clientSchema,
    session: hexSchema(NONCE_BYTES),
    share: hexSchema(32),
  }),
  /** Shows that the client knows the code. */
  z.object({ type: z.literal('pairProof'), proof: hexSchema(32) }),
  z.object({
    type: z.literal('hello'),
    protocol: z.int(),
    client: clientSchema,
    /** Id of the key that the client has; null when it has none. */
    pairing: z.nullable(z.string().check(z.regex(/^[0-9a-f]{16}$/))),
    nonce: hexSchema(NONCE_BYTES),
    /** Binary frames the server may have in flight before it needs credit. */
    credit: z._default(z.int().check(z.gte(1), z.lte(1024)), INITIAL_CREDIT),
  }),
  /** Shows that the client has the key. */
  z.object({ type: z.literal('proof'), proof: hexSchema(32) }),
  /** Starts a job with the proxy: 8-bit sRGB RGB pixels at or above working size; a fourth channel is the region (JB11). */
  z.object({
    type: z.literal('submit'),
    requestId: idSchema,
    /** Random name of the job: submitting it again after a dropped connection makes no second one (RS5). */
    jobKey: z.optional(hexSchema(16)),
    edit: editRequestSchema,
    proxy: pixelFormatSchema,
    stream: z.int(),
  }),
  /** Asks for the predictor's reading of a picture without an edit: 8-bit sRGB RGB pixels. */
  z.object({
    type: z.literal('predict'),
    requestId: idSchema,
    proxy: pixelFormatSchema,
    stream: z.int(),
  }),
  /** Asks what the layer of an iteration is read as at an intensity (JB12); answered as predict is. */
  z.object({
    type: z.literal('readLayer'),
    requestId: idSchema,
    jobId: idSchema,
    iteration: z.int().check(z.gte(0)),
    intensity: z.number().check(z.gte(0), z.lte(1.5)),
    /** As in openComposite (CM9). */
    elements: z.optional(z.number().check(z.gte(0), z.lte(1))),
  }),
  z.object({ type: z.literal('cancel'), jobId: idSchema }),
  /** After a dropped connection: events missed are sent again, then the job goes on. */
  z.object({
    type: z.literal('resume'),
    jobId: idSchema,
    iterationsSeen: z.int().check(z.gte(0)),
  }),
  /** Opens an iteration for compositing: full-resolution tiles through the compositor. Any finished iteration may be chosen. */
  z.object({
    type: z.literal('openComposite'),
    requestId: idSchema,
    jobId: idSchema,
    iteration: z.int().check(z.gte(0)),
    intensity: z.number().check(z.gte(0), z.lte(1.5)),
    part: z._default(z.union([compositePartSchema, elementPartSchema]), 'all'),
    /** Strength of the scene's elements, which multiplies their own; that of the grade when left out (CM9). */
    elements: z.optional(z.number().check(z.gte(0), z.lte(1))),
    /** Noise of the photograph: standard deviation of luma, 1.0 = white (CM8). */
    grain: z._default(z.number().check(z.gte(0), z.lte(MAX_GRAIN)), 0),
    /** Extent of the full-resolution region that the proxy was made from. */
    extent: extentSchema,
  }),
  z.object({
    type: z.literal('tile'),
    compositeId: idSchema,
    bounds: boundsSchema,
    pixels: pixelFormatSchema,
    stream: z.int(),
  }),
  z.object({ type: z.literal('closeComposite'), compositeId: idSchema }),
  /** The client has the result and needs the job no more. */
  z.object({ type: z.literal('release'), jobId: idSchema }),
  /** The client has consumed this many more binary frames of the server's. */
  z.object({ type: z.literal('credit'), frames: z.int().check(z.positive()) }),
  z.object({ type: z.literal('ping'), nonce: z.number() }),
]);
export type ClientMessage = z.infer<typeof clientMessageSchema>;
export type ClientMessageInput = z.input<typeof clientMessageSchema>;
