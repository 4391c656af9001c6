import { HintedError } from '../hintedError.ts';

export type CompositorErrorCode =
  | 'UNKNOWN_PROFILE'
  | 'PROFILE_MISMATCH'
  | 'BAD_EDIT'
  | 'BAD_TILE'
  | 'BAD_INTENSITY'
  | 'BAD_GRAIN'
  | 'BAD_PART';

/** Why an edit cannot be fitted or a tile cannot be composited. */
export class CompositorError extends HintedError<CompositorErrorCode> {
  override readonly name = 'CompositorError';
}
