import { ProtocolError } from '@emoeditor/shared';
import type { CancelSignal } from './cancellation.ts';

/** Stable codes of errors that arise in the panel. They never cross the wire. */
export type PluginErrorCode =
  | 'CANCELLED'
  | 'LAYER_REFUSED'
  | 'LAYER_EMPTY'
  | 'SOURCE_GONE'
  | 'SOURCE_CHANGED'
  | 'HOST_BUSY'
  | 'HOST_FAILED'
  | 'NOT_CONNECTED'
  | 'NOT_PAIRED'
  | 'CONNECTION_LOST'
  | 'TIMEOUT'
  | 'BAD_ACTION_STEP'
  | 'NOTHING_TO_REPEAT'
  | 'INTERNAL';

export interface ErrorText {
  readonly message: string;
  /** What to do now; empty when there is nothing to do. */
  readonly hint: string;
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** An error of the panel's own: what was expected, what came, what to do. */
export class PluginError extends Error {
  override readonly name = 'PluginError';
  readonly code: PluginErrorCode;
  /** Set by hand: V8 knows `new Error(text, { cause })` from 9.3 on, and UXP's may be older. */
  readonly cause?: unknown;
  readonly hint: string;
  readonly retryable: boolean;

  constructor(code: PluginErrorCode, { message, hint, retryable = true, cause }: ErrorText) {
    super(message);
    if (cause !== undefined) this.cause = cause;
    this.code = code;
    this.hint = hint;
    this.retryable = retryable;
  }
}

export function cancelled(): PluginError {
  return new PluginError('CANCELLED', {
    message: 'The edit was cancelled.',
    hint: '',
    retryable: false,
  });
}

/** @throws PluginError CANCELLED; What has been begun is left where it is. */
export function throwIfCancelled(signal: CancelSignal): void {
  if (signal.aborted) throw cancelled();
}

export type KnownError = PluginError | ProtocolError;

/** Any thrown value as an error with a code and a hint; what an aborted signal threw counts as cancelled. */
export function asKnownError(error: unknown, signal?: CancelSignal): KnownError {
  if (signal?.aborted) return cancelled();
  if (error instanceof PluginError || error instanceof ProtocolError) return error;
  return new PluginError('INTERNAL', {
    message: `Something unexpected happened in the panel: ${textOf(error)}`,
    hint: 'Try again. If it happens again, reload the panel from the Plugins menu.',
    cause: error,
  });
}

/** Photoshop also rejects with strings and plain objects. */
export function textOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error === 'object' && error !== null && 'message' in error) {
    return String(error.message);
  }
  return String(error);
}

/** Message and hint in one: for places that have room for a text only. */
export function loudText(error: unknown): string {
  const { message, hint } = asKnownError(error);
  return hint === '' ? message : `${message} ${hint}`;
}
