import type { WireError, WireErrorCode } from './wireErrors.ts';

/** An error that crosses the wire, or came over it. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: WireErrorCode;
  /** What to do now. */
  readonly hint: string;
  readonly retryable: boolean;

  constructor(error: WireError) {
    super(error.message);
    this.code = error.code;
    this.hint = error.hint;
    this.retryable = error.retryable;
  }

  toWire(): WireError {
    return { code: this.code, message: this.message, hint: this.hint, retryable: this.retryable };
  }
}

/** The connection went away under a send. Local: never crosses the wire. */
export class ChannelClosedError extends Error {
  override readonly name = 'ChannelClosedError';
  readonly closeCode: number;

  constructor(closeCode: number, reason: string) {
    super(`The connection closed (${closeCode}${reason === '' ? '' : `: ${reason}`}).`);
    this.closeCode = closeCode;
  }
}

const RECONNECT = 'Connect again; a running edit is resumed where it was.';

export function badFrame(message: string): ProtocolError {
  return new ProtocolError({ code: 'BAD_FRAME', message, hint: RECONNECT, retryable: true });
}

export function badMessage(message: string): ProtocolError {
  return new ProtocolError({
    code: 'BAD_MESSAGE',
    message,
    hint: 'Check that the panel and the companion server are of the same release.',
    retryable: false,
  });
}
