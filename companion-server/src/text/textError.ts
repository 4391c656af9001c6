import { HintedError } from '../hintedError.ts';

export type TextErrorCode = 'BAD_VOCABULARY';

/** Why text cannot be turned into tokens. */
export class TextError extends HintedError<TextErrorCode> {
  override readonly name = 'TextError';
}
