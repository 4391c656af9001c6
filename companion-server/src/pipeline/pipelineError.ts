import { HintedError } from '../hintedError.ts';

export type PipelineErrorCode = 'NOT_FINITE' | 'BAD_PICTURE' | 'NOT_IN_BUNDLE';

/** Why an edit cannot go on. */
export class PipelineError extends HintedError<PipelineErrorCode> {
  override readonly name = 'PipelineError';
}
