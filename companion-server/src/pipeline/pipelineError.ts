export type PipelineErrorCode = 'NOT_FINITE' | 'BAD_PICTURE' | 'NOT_IN_BUNDLE';

/** Why an edit cannot go on. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
  readonly code: PipelineErrorCode;
  /** What to do now. */
  readonly hint: string;

  constructor(code: PipelineErrorCode, message: string, hint: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
