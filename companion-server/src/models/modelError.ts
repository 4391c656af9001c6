import { HintedError } from '../hintedError.ts';

export type ModelErrorCode = 'MODEL_MISSING' | 'MODEL_CORRUPT' | 'MODEL_FAILED';

/** Why a bundle cannot be used. */
export class ModelError extends HintedError<ModelErrorCode> {
  override readonly name = 'ModelError';
}
