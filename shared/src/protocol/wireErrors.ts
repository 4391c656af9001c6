import * as z from 'zod/mini';

/** Stable codes of errors that cross the wire. */
export const WIRE_ERROR_CODES = [
  'PROTOCOL_MISMATCH',
  'UNAUTHORISED',
  'BAD_MESSAGE',
  'BAD_FRAME',
  'BAD_IMAGE',
  'UNKNOWN_JOB',
  'UNKNOWN_ITERATION',
  'JOB_ENDED',
  'BUSY',
  'MODEL_MISSING',
  'MODEL_CORRUPT',
  'ENGINE_CRASHED',
  'OUT_OF_MEMORY',
  'TIMEOUT',
  'INTERNAL',
] as const;

export const wireErrorSchema = z.object({
  code: z.enum(WIRE_ERROR_CODES),
  /** What was expected and what came, in a sentence a designer understands. */
  message: z.string(),
  /** What to do now. */
  hint: z.string(),
  /** True when the same request may succeed if sent again. */
  retryable: z.boolean(),
});
export type WireError = z.infer<typeof wireErrorSchema>;
export type WireErrorCode = WireError['code'];
