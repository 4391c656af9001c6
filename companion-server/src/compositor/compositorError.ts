export type CompositorErrorCode =
  | 'UNKNOWN_PROFILE'
  | 'PROFILE_MISMATCH'
  | 'BAD_EDIT'
  | 'BAD_TILE'
  | 'BAD_INTENSITY'
  | 'BAD_GRAIN';

/** Why an edit cannot be fitted or a tile cannot be composited. */
export class CompositorError extends Error {
  override readonly name = 'CompositorError';
  readonly code: CompositorErrorCode;
  /** What to do now. */
  readonly hint: string;

  constructor(code: CompositorErrorCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
