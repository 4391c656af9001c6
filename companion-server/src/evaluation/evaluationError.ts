import { HintedError } from '../hintedError.ts';

export type EvaluationErrorCode = 'BAD_CONFIG' | 'OTHER_CONFIG' | 'NOTHING_MEASURED';

/** Why an evaluation cannot be carried out, in sentences for the person who wrote its config. */
export class EvaluationError extends HintedError<EvaluationErrorCode> {
  override readonly name = 'EvaluationError';
}
