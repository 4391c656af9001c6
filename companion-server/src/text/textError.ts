export type TextErrorCode = 'BAD_VOCABULARY';

/** Why text cannot be turned into tokens. */
export class TextError extends Error {
  override readonly name = 'TextError';
  readonly code: TextErrorCode;
  /** What to do now. */
  readonly hint: string;

  constructor(code: TextErrorCode, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
  }
}
