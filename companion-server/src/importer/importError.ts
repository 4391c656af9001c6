import { HintedError } from '../hintedError.ts';

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
export class ImportError extends HintedError<ImportErrorCode> {
  override readonly name = 'ImportError';
}
