export type ImportErrorCode =
  | 'NOT_A_CHECKPOINT'
  | 'TRUNCATED'
  | 'MISSING_FILE'
  | 'MISSING_TENSOR'
  | 'MISSHAPEN_TENSOR'
  | 'UNSUPPORTED'
  | 'BAD_CONFIG'
  | 'OUTPUT_EXISTS';

/** Why a checkpoint cannot become a bundle. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  readonly code: ImportErrorCode;
  /** What to do now. */
  readonly hint: string;

  constructor(code: ImportErrorCode, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
  }
}
